//! API tokens, as they are read.

use kith_core::{Instant, Permissions, TenantId, UserId};

use super::{SecretHash, hash, tenant_of, wrong};
use crate::import::{instant, maybe_instant};
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    pub id: String,
    pub hash: SecretHash,
    pub tenant: TenantId,
    pub name: String,
    pub scopes: Permissions,
    pub made_by: UserId,
    pub created_at: Instant,
    pub ends_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

const TOKEN: &str = "SELECT k.id, k.hash, t.id, k.name, k.scopes, k.made_by, k.created_at, k.ends_at, k.last_used_at, k.revoked_at \
     FROM api_tokens k JOIN tenants t ON t.n = k.tenant";

impl Journal {
    /// A token that is neither revoked nor ended.
    pub async fn token_by_hash(&self, token: &SecretHash, now: Instant) -> Result<Option<StoredToken>, JournalError> {
        let sql = format!("{TOKEN} WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > $2)");
        self.pool().row(sql, args![&token[..], now.micros()], stored_token).await
    }

    /// All tokens of a tenant, the latest first.
    pub async fn tokens(&self, tenant: &TenantId) -> Result<Vec<StoredToken>, JournalError> {
        let n = self.tenant_number(tenant).await?;
        let sql = format!("{TOKEN} WHERE k.tenant = $1 ORDER BY k.created_at DESC, k.id");
        self.pool().rows(sql, args![n], stored_token).await
    }

    /// Notes that a token was used. No line in the log: this is no act.
    pub async fn touch_token(&self, id: &str, now: Instant) -> Result<(), JournalError> {
        let mut tx = self.begin().await?;
        tx.execute("UPDATE api_tokens SET last_used_at = $2 WHERE id = $1", args![id, now.micros()]).await?;
        tx.commit().await
    }
}

fn stored_token(row: &Row) -> Result<StoredToken, JournalError> {
    let unknown = |word: String| wrong("api_tokens")(format!("`{word}` is no permission"));
    Ok(StoredToken {
        id: row.text(0)?,
        hash: hash(&row.bytes(1)?, "api_tokens")?,
        tenant: tenant_of(&row.text(2)?, "api_tokens")?,
        name: row.text(3)?,
        scopes: Permissions::parse(&row.text(4)?).map_err(unknown)?,
        made_by: UserId(row.int(5)?),
        created_at: instant(row.int(6)?)?,
        ends_at: maybe_instant(row.maybe_int(7)?)?,
        last_used_at: maybe_instant(row.maybe_int(8)?)?,
        revoked_at: maybe_instant(row.maybe_int(9)?)?,
    })
}

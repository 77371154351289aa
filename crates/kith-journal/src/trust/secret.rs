//! Sealed secrets, and which key seals them. What is inside, only the desk can read.

use kith_core::{Instant, TenantId};

use super::tenant_of;
use crate::import::instant;
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

/// A secret as it lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSecret {
    pub name: String,
    pub key_id: String,
    pub body: Vec<u8>,
    pub changed_at: Instant,
}

const SECRET: &str =
    "SELECT s.name, s.key_id, s.body, s.changed_at, coalesce(t.id, '') FROM secrets s LEFT JOIN tenants t ON t.n = s.tenant";

impl Journal {
    pub async fn secret(&self, tenant: Option<&TenantId>, name: &str) -> Result<Option<StoredSecret>, JournalError> {
        let n = match tenant {
            Some(tenant) => self.tenant_number(tenant).await?,
            None => 0,
        };
        let sql = format!("{SECRET} WHERE s.tenant = $1 AND s.name = $2");
        self.pool().row(sql, args![n, name], stored_secret).await
    }

    /// The key that seals what is written now; none before the first secret.
    pub async fn sealing_key(&self) -> Result<Option<String>, JournalError> {
        self.pool().row("SELECT key_id FROM vault WHERE n = 1", args![], |row| row.text(0)).await
    }

    /// Some of the secrets that another key than this one sealed, with their tenants.
    pub async fn secrets_of_other_keys(
        &self,
        key_id: &str,
        limit: u32,
    ) -> Result<Vec<(Option<TenantId>, StoredSecret)>, JournalError> {
        let sql = format!("{SECRET} WHERE s.key_id <> $1 ORDER BY s.tenant, s.name LIMIT $2");
        let read = |row: &Row| {
            let tenant = row.text(4)?;
            let tenant = if tenant.is_empty() { None } else { Some(tenant_of(&tenant, "secrets")?) };
            Ok((tenant, stored_secret(row)?))
        };
        self.pool().rows(sql, args![key_id, i64::from(limit)], read).await
    }

    /// How many secrets each key has sealed, by the key's id.
    pub async fn secret_counts(&self) -> Result<Vec<(String, u64)>, JournalError> {
        let sql = "SELECT key_id, count(*) FROM secrets GROUP BY key_id ORDER BY key_id";
        self.pool().rows(sql, args![], |row| Ok((row.text(0)?, row.count(1)?))).await
    }

    /// Seals a secret anew: only if it is still the one that was opened, and its new key the one that seals now. Says whether it was.
    pub async fn reseal(
        &self,
        tenant: Option<&TenantId>,
        old: &StoredSecret,
        key_id: &str,
        body: &[u8],
    ) -> Result<bool, JournalError> {
        let n = match tenant {
            Some(tenant) => self.tenant_number(tenant).await?,
            None => 0,
        };
        let mut tx = self.begin().await?;
        let sql = "UPDATE vault SET key_id = key_id WHERE n = 1 AND key_id = $1";
        if tx.execute(sql, args![key_id]).await? == 0 {
            return Ok(false);
        }
        let sql = "UPDATE secrets SET key_id = $3, body = $4 WHERE tenant = $1 AND name = $2 AND body = $5";
        let changed = tx.execute(sql, args![n, &old.name, key_id, body, &old.body[..]]).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }
}

fn stored_secret(row: &Row) -> Result<StoredSecret, JournalError> {
    Ok(StoredSecret { name: row.text(0)?, key_id: row.text(1)?, body: row.bytes(2)?, changed_at: instant(row.int(3)?)? })
}

//! Invitations and reset links: what a link is worth is looked up by the hash of what stands in it.

use kith_core::{Instant, Role, TenantId, UserId};

use super::user::role;
use super::{SecretHash, hash, tenant_of};
use crate::import::instant;
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredInvitation {
    pub id: String,
    pub hash: SecretHash,
    pub tenant: TenantId,
    /// Whom it is for, as its maker says.
    pub name: String,
    pub role: Role,
    /// `None` is the terminal.
    pub made_by: Option<UserId>,
    pub created_at: Instant,
    pub ends_at: Instant,
}

const INVITATION: &str = "SELECT i.id, i.hash, t.id, i.name, i.role, i.made_by, i.created_at, i.ends_at FROM invitations i \
     JOIN tenants t ON t.n = i.tenant WHERE i.used_at IS NULL AND i.withdrawn_at IS NULL";

impl Journal {
    /// An open invitation, by what stands in its link.
    pub async fn invitation_by_hash(&self, token: &SecretHash, now: Instant) -> Result<Option<StoredInvitation>, JournalError> {
        let sql = format!("{INVITATION} AND i.hash = $1 AND i.ends_at > $2");
        self.pool().row(sql, args![&token[..], now.micros()], invitation).await
    }

    /// The open invitations of a tenant, the latest first.
    pub async fn invitations(&self, tenant: &TenantId, now: Instant) -> Result<Vec<StoredInvitation>, JournalError> {
        let n = self.tenant_number(tenant).await?;
        let sql = format!("{INVITATION} AND i.tenant = $1 AND i.ends_at > $2 ORDER BY i.created_at DESC, i.id");
        self.pool().rows(sql, args![n, now.micros()], invitation).await
    }

    /// Whose password a reset link changes.
    pub async fn reset_link(&self, token: &SecretHash, now: Instant) -> Result<Option<UserId>, JournalError> {
        let sql = "SELECT user_id FROM reset_links WHERE hash = $1 AND ends_at > $2";
        self.pool().row(sql, args![&token[..], now.micros()], |row| Ok(UserId(row.int(0)?))).await
    }
}

fn invitation(row: &Row) -> Result<StoredInvitation, JournalError> {
    Ok(StoredInvitation {
        id: row.text(0)?,
        hash: hash(&row.bytes(1)?, "invitations")?,
        tenant: tenant_of(&row.text(2)?, "invitations")?,
        name: row.text(3)?,
        role: role(&row.text(4)?)?,
        made_by: row.maybe_int(5)?.map(UserId),
        created_at: instant(row.int(6)?)?,
        ends_at: instant(row.int(7)?)?,
    })
}

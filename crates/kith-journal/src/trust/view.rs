//! Saved views: the address of a page with its filters, under a name.

use kith_core::{Instant, TenantId, UserId};

use crate::import::instant;
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredView {
    pub id: String,
    pub owner: UserId,
    pub name: String,
    pub page: String,
    /// What stands behind the page in the address, with its `?`, or nothing.
    pub search: String,
    pub shared: bool,
    pub changed_at: Instant,
}

const VIEW: &str = "SELECT id, owner, name, page, search, shared, changed_at FROM saved_views";

impl Journal {
    /// What somebody sees: their own views and those that others share, by name.
    pub async fn views(&self, tenant: &TenantId, user: UserId) -> Result<Vec<StoredView>, JournalError> {
        let n = self.tenant_number(tenant).await?;
        let sql = format!("{VIEW} WHERE tenant = $1 AND (owner = $2 OR shared = 1) ORDER BY name, id");
        self.pool().rows(sql, args![n, user.0], view).await
    }

    pub async fn view(&self, tenant: &TenantId, id: &str) -> Result<Option<StoredView>, JournalError> {
        let n = self.tenant_number(tenant).await?;
        self.pool().row(format!("{VIEW} WHERE tenant = $1 AND id = $2"), args![n, id], view).await
    }
}

fn view(row: &Row) -> Result<StoredView, JournalError> {
    Ok(StoredView {
        id: row.text(0)?,
        owner: UserId(row.int(1)?),
        name: row.text(2)?,
        page: row.text(3)?,
        search: row.text(4)?,
        shared: row.int(5)? != 0,
        changed_at: instant(row.int(6)?)?,
    })
}

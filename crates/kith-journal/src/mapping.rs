//! Saved mappings: from a file's columns to ours, by name, each tenant's apart.

use kith_core::TenantId;

use crate::sql::args;
use crate::{Journal, JournalError};

impl Journal {
    /// Saves a mapping under a name, in place of what had that name.
    pub async fn put_mapping(&self, tenant: &TenantId, name: &str, json: &str) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "INSERT INTO saved_mappings (tenant, name, body) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant, name) DO UPDATE SET body = excluded.body";
        let mut tx = self.begin().await?;
        tx.execute(sql, args![tenant, name, json]).await?;
        tx.commit().await
    }

    pub async fn mapping(&self, tenant: &TenantId, name: &str) -> Result<Option<String>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT body FROM saved_mappings WHERE tenant = $1 AND name = $2";
        self.pool().row(sql, args![tenant, name], |row| row.text(0)).await
    }

    /// All saved mappings of a tenant as (name, JSON), by name.
    pub async fn mappings(&self, tenant: &TenantId) -> Result<Vec<(String, String)>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT name, body FROM saved_mappings WHERE tenant = $1 ORDER BY name";
        self.pool().rows(sql, args![tenant], |row| Ok((row.text(0)?, row.text(1)?))).await
    }
}

#[cfg(test)]
mod tests {
    use crate::testing;

    #[tokio::test]
    async fn a_mapping_is_saved_by_name_and_no_other_tenant_sees_it() {
        for store in testing::stores().await {
            let (journal, tenant) = (&store.journal, &store.tenant);
            journal.put_mapping(tenant, "淘宝订单", "{}").await.unwrap();
            journal.put_mapping(tenant, "淘宝订单", "{\"a\":1}").await.unwrap();
            assert_eq!(journal.mapping(tenant, "淘宝订单").await.unwrap().as_deref(), Some("{\"a\":1}"));
            assert_eq!(journal.mapping(tenant, "other").await.unwrap(), None);
            assert_eq!(journal.mappings(tenant).await.unwrap().len(), 1);

            let other = testing::tenant("other-shop");
            journal.put_tenant(&other).await.unwrap();
            assert_eq!(journal.mapping(&other.id, "淘宝订单").await.unwrap(), None);
            assert!(journal.mappings(&other.id).await.unwrap().is_empty());
        }
    }
}

//! Saved mappings: from a file's columns to ours, by name.

use crate::sql::args;
use crate::{Journal, JournalError};

impl Journal {
    /// Saves a mapping under a name, in place of what had that name.
    pub async fn put_mapping(&self, name: &str, json: &str) -> Result<(), JournalError> {
        let sql = "INSERT INTO mappings (name, body) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET body = excluded.body";
        let mut tx = self.begin().await?;
        tx.execute(sql, args![name, json]).await?;
        tx.commit().await
    }

    pub async fn mapping(&self, name: &str) -> Result<Option<String>, JournalError> {
        self.pool().row("SELECT body FROM mappings WHERE name = $1", args![name], |row| row.text(0)).await
    }

    /// All saved mappings as (name, JSON), by name.
    pub async fn mappings(&self) -> Result<Vec<(String, String)>, JournalError> {
        self.pool().rows("SELECT name, body FROM mappings ORDER BY name", args![], |row| Ok((row.text(0)?, row.text(1)?))).await
    }
}

#[cfg(test)]
mod tests {
    use crate::testing;

    #[tokio::test]
    async fn a_mapping_is_saved_by_name() {
        for store in testing::stores().await {
            store.journal.put_mapping("淘宝订单", "{}").await.unwrap();
            store.journal.put_mapping("淘宝订单", "{\"a\":1}").await.unwrap();
            assert_eq!(store.journal.mapping("淘宝订单").await.unwrap().as_deref(), Some("{\"a\":1}"));
            assert_eq!(store.journal.mapping("other").await.unwrap(), None);
            assert_eq!(store.journal.mappings().await.unwrap().len(), 1);
        }
    }
}

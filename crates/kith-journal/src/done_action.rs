//! Actions of the morning that somebody has done, so that they are not said again that day.

use kith_core::{Day, Instant, TenantId};

use crate::import::instant;
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

/// An action that was done on a day of the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneAction {
    pub action: String,
    pub by: String,
    pub at: Instant,
}

impl Journal {
    /// Notes that an action of a day is done; the first to say so stays.
    pub async fn put_done_action(&self, tenant: &TenantId, day: Day, done: &DoneAction) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "INSERT INTO done_actions (tenant, day, action, done_by, done_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (tenant, day, action) DO NOTHING";
        let mut tx = self.begin().await?;
        tx.execute(sql, args![tenant, day.to_string(), &done.action, &done.by, done.at.micros()]).await?;
        tx.commit().await
    }

    /// Takes back that it is done.
    pub async fn delete_done_action(&self, tenant: &TenantId, day: Day, action: &str) -> Result<bool, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM done_actions WHERE tenant = $1 AND day = $2 AND action = $3";
        let deleted = tx.execute(sql, args![tenant, day.to_string(), action]).await?;
        tx.commit().await?;
        Ok(deleted > 0)
    }

    /// What was done on a day, in the order in which it was done.
    pub async fn done_actions(&self, tenant: &TenantId, day: Day) -> Result<Vec<DoneAction>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT action, done_by, done_at FROM done_actions WHERE tenant = $1 AND day = $2 ORDER BY done_at, action";
        let read = |row: &Row| Ok(DoneAction { action: row.text(0)?, by: row.text(1)?, at: instant(row.int(2)?)? });
        self.pool().rows(sql, args![tenant, day.to_string()], read).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn what_is_done_today_is_said_again_tomorrow() {
        for store in testing::stores().await {
            let (journal, tenant) = (&store.journal, &store.tenant);
            let (today, tomorrow) = (Day::parse("2026-11-23").unwrap(), Day::parse("2026-11-24").unwrap());
            let at = Instant::parse("2026-11-23T08:00:00+08:00").unwrap();
            let done = DoneAction { action: "never-asked".into(), by: "user:1".into(), at };
            journal.put_done_action(tenant, today, &done).await.unwrap();
            let again = DoneAction { by: "user:2".into(), ..done.clone() };
            journal.put_done_action(tenant, today, &again).await.unwrap();
            assert_eq!(journal.done_actions(tenant, today).await.unwrap(), [done]);
            assert!(journal.done_actions(tenant, tomorrow).await.unwrap().is_empty());
            assert!(journal.delete_done_action(tenant, today, "never-asked").await.unwrap());
            assert!(!journal.delete_done_action(tenant, today, "never-asked").await.unwrap());
        }
    }
}

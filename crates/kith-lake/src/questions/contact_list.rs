//! The contacts, a page at a time, those seen last first.

use kith_core::{ContactId, Instant, LifecycleRules, LifecycleStage};

use super::stages;
use crate::{LakeError, Session, Value};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactPage {
    /// As known just before this instant.
    pub at: Instant,
    pub rules: LifecycleRules,
    /// Only those in this stage.
    pub stage: Option<LifecycleStage>,
    pub limit: u32,
    pub offset: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    pub contact: ContactId,
    pub stage: LifecycleStage,
    pub first_at: Instant,
    pub last_at: Instant,
    pub touches: u64,
    pub orders: u64,
    pub last_order_at: Option<Instant>,
    /// Net of refunds, in minor units of the tenant's currency; `None` where nothing was bought in it.
    pub minor: Option<i64>,
}

impl Session {
    pub async fn contact_list(&self, page: &ContactPage) -> Result<Vec<ContactRow>, LakeError> {
        let sql = format!(
            "SELECT * FROM ({}) WHERE $stage = '' OR stage = $stage ORDER BY last_at DESC, contact LIMIT $limit OFFSET $offset",
            stages::part("")
        );
        let mut all = stages::values(&page.rules, page.at, self.currency().code(), "");
        all.push(("stage".to_owned(), page.stage.map_or("", LifecycleStage::as_str).into()));
        all.push(("limit".to_owned(), Value::Int(i64::from(page.limit))));
        all.push(("offset".to_owned(), Value::Int(i64::try_from(page.offset).unwrap_or(i64::MAX))));
        let values = all.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        self.ask("contacts", &sql, values, |row| ContactRow {
            contact: ContactId(row.integer("contact")),
            stage: LifecycleStage::parse(&row.text("stage")).unwrap_or(LifecycleStage::Aware),
            first_at: row.instant("first_at"),
            last_at: row.instant("last_at"),
            touches: row.count("touches"),
            orders: row.count("orders"),
            last_order_at: row.maybe_instant("last_order_at"),
            minor: row.maybe_integer("minor"),
        })
        .await
    }
}

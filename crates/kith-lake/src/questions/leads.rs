//! Leads: people who left their details or signed up, by what brought them (last touch: a correlation).

use kith_core::Day;

use super::Cut;
use crate::{LakeError, Session};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadRow {
    pub period: Option<Day>,
    pub part: Option<String>,
    pub leads: u64,
    pub people: u64,
    /// People whose first lead of all it was.
    pub new_people: u64,
}

impl Session {
    pub async fn leads(&self, cut: &Cut) -> Result<Vec<LeadRow>, LakeError> {
        self.ask("leads", include_str!("leads.sql"), cut.traced_values(), |row| LeadRow {
            period: row.maybe_day("period"),
            part: row.maybe_text("part"),
            leads: row.count("leads"),
            people: row.count("people"),
            new_people: row.count("new_people"),
        })
        .await
    }
}

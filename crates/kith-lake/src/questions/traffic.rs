//! Traffic: reads, visits, clicks and scans, and the people behind them.
//!
//! Counts everything in the window. People are counted once a row, so that the rows of a column of people do not add up.

use kith_core::Day;

use super::Cut;
use crate::{LakeError, Session};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficRow {
    pub period: Option<Day>,
    pub part: Option<String>,
    pub reads: u64,
    pub visits: u64,
    pub clicks: u64,
    pub scans: u64,
    /// Contacts who did any of these.
    pub people: u64,
    /// Contacts who visited, clicked or scanned.
    pub visitors: u64,
}

impl Session {
    /// Per period and group, in the order of time, then of visits.
    pub async fn traffic(&self, cut: &Cut) -> Result<Vec<TrafficRow>, LakeError> {
        self.ask("traffic", include_str!("traffic.sql"), cut.values(), |row| TrafficRow {
            period: row.maybe_day("period"),
            part: row.maybe_text("part"),
            reads: row.count("reads"),
            visits: row.count("visits"),
            clicks: row.count("clicks"),
            scans: row.count("scans"),
            people: row.count("people"),
            visitors: row.count("visitors"),
        })
        .await
    }
}

//! Channel efficiency (demand 1.1): what became of the people whom a medium first reached, over the short and the long run.
//!
//! A person counts for a run only when its days are over, so that a campaign of yesterday is not judged by its long run.
//! Leads and orders may come any way after the first touch: a correlation, never a cause.

use kith_core::Window;

use crate::{LakeError, Session, Value};

/// Which people are followed for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EfficiencyQuery {
    /// Of the first touch by a medium.
    pub window: Window,
    pub short_days: u32,
    pub long_days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Run {
    Short,
    Long,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EfficiencyRow {
    pub medium: String,
    pub run: Run,
    /// People first reached by the medium in the window whose run is over.
    pub people: u64,
    pub reads: u64,
    pub visits: u64,
    pub orders: u64,
    /// People who read, visited, left a lead, ordered.
    pub readers: u64,
    pub visitors: u64,
    pub leads: u64,
    pub buyers: u64,
}

impl Session {
    /// By medium, the short run before the long.
    pub async fn efficiency(&self, query: &EfficiencyQuery) -> Result<Vec<EfficiencyRow>, LakeError> {
        let EfficiencyQuery { window, short_days, long_days } = *query;
        let before_now = |days: u32| self.as_of().plus_seconds(-i64::from(days) * 86_400).into();
        let micros = |days: u32| Value::Int(i64::from(days) * 86_400_000_000);
        let longest = short_days.max(long_days);
        let values = vec![
            ("from", window.from().into()),
            ("until", window.until().into()),
            ("horizon", self.as_of().min(window.until().plus_seconds(i64::from(longest) * 86_400)).into()),
            ("short_over", before_now(short_days)),
            ("long_over", before_now(long_days)),
            ("short", micros(short_days)),
            ("long", micros(long_days)),
        ];
        self.ask("efficiency", include_str!("efficiency.sql"), values, |row| EfficiencyRow {
            medium: row.text("medium"),
            run: if row.text("run") == "short" { Run::Short } else { Run::Long },
            people: row.count("people"),
            reads: row.count("reads"),
            visits: row.count("visits"),
            orders: row.count("orders"),
            readers: row.count("readers"),
            visitors: row.count("visitors"),
            leads: row.count("leads"),
            buyers: row.count("buyers"),
        })
        .await
    }
}

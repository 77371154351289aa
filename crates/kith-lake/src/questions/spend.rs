//! What was spent: the costs that touch some days, whole, and how much of each falls on which day.

use std::collections::BTreeMap;

use kith_core::{CostKind, Currency, Day};

use super::{Cut, Group};
use crate::{LakeError, Session};

/// Days from `first` to `last`, both inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendQuery {
    pub first: Day,
    pub last: Day,
    pub group: Group,
    pub campaign: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SpendRow {
    pub part: Option<String>,
    pub first: Day,
    pub last: Day,
    pub kind: CostKind,
    pub minor: i64,
    pub currency: Currency,
    pub hours: Option<f64>,
}

impl SpendQuery {
    /// The days of a cut's window in the session's calendar.
    #[must_use]
    pub fn of(session: &Session, cut: &Cut) -> Self {
        let calendar = session.calendar();
        let first = calendar.day(cut.window.from());
        // The window ends before `until`: a microsecond earlier is its last day.
        let last = calendar.day(kith_core::Instant::from_micros(cut.window.until().micros() - 1).unwrap_or(cut.window.from()));
        Self { first, last, group: cut.group, campaign: cut.campaign.clone() }
    }
}

impl SpendRow {
    /// The part of the cost (1 is all of it) that falls on days from `first` to `last`.
    #[must_use]
    pub fn share(&self, first: Day, last: Day) -> f64 {
        let days = |from: Day, until: Day| ((until.0 - from.0).num_days() + 1).max(0) as f64;
        let all = days(self.first, self.last);
        if all > 0.0 { days(self.first.max(first), self.last.min(last)) / all } else { 0.0 }
    }

    /// Minor units of each day from `first` to `last`, evenly.
    #[must_use]
    pub fn daily(&self, first: Day, last: Day) -> BTreeMap<Day, f64> {
        let one = self.minor as f64 / ((self.last.0 - self.first.0).num_days() + 1).max(1) as f64;
        let mut day = self.first.max(first);
        let mut days = BTreeMap::new();
        while day <= self.last.min(last) {
            days.insert(day, one);
            let next = day.plus(1);
            if next <= day {
                break;
            }
            day = next;
        }
        days
    }
}

impl Session {
    pub async fn spend(&self, query: &SpendQuery) -> Result<Vec<SpendRow>, LakeError> {
        let values = vec![
            ("first", query.first.into()),
            ("last", query.last.into()),
            ("by", query.group.as_str().into()),
            ("campaign", query.campaign.as_deref().unwrap_or_default().into()),
        ];
        let tenants = self.currency();
        self.ask("spend", include_str!("spend.sql"), values, |row| SpendRow {
            part: row.maybe_text("part"),
            first: row.day("first_day"),
            last: row.day("last_day"),
            kind: CostKind::parse(&row.text("kind")).unwrap_or(CostKind::Other),
            minor: row.integer("amount"),
            currency: Currency::parse(&row.text("currency")).unwrap_or(tenants),
            hours: row.maybe_number("hours"),
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_spread_evenly_and_cut_to_the_window() {
        let day = |text| Day::parse(text).unwrap();
        let row = SpendRow {
            part: None,
            first: day("2026-11-01"),
            last: day("2026-11-10"),
            kind: CostKind::Media,
            minor: 1_000,
            currency: Currency::CNY,
            hours: None,
        };
        assert!((row.share(day("2026-11-09"), day("2026-12-01")) - 0.2).abs() < 1e-12);
        assert_eq!(row.share(day("2026-12-01"), day("2026-12-02")), 0.0);
        assert_eq!(row.daily(day("2026-11-09"), day("2026-12-01")).into_values().collect::<Vec<_>>(), [100.0, 100.0]);
    }
}

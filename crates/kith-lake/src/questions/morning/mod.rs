//! What the rules of the morning ask: complaints without an answer, customers going quiet, parcels nobody asked about.

use kith_core::{ContactId, Instant};

use crate::{LakeError, Session, Value};

/// A public complaint that nobody has answered, newest first; `total` of them there are.
#[derive(Debug, Clone, PartialEq)]
pub struct UnansweredComplaint {
    pub contact: ContactId,
    pub channel: String,
    pub at: Instant,
    pub text: String,
    pub total: u64,
}

/// A customer silent for longer than usual.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftingCustomer {
    pub contact: ContactId,
    pub orders: u64,
    pub usual_gap_days: f64,
    pub silent_days: f64,
    pub total: u64,
}

/// When a customer counts as drifting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DriftRules {
    /// Silent for longer than so many times the median gap…
    pub factor: f64,
    /// …of at least so many orders…
    pub least_orders: u32,
    /// …but not yet for so many days, after which they have lapsed.
    pub lapsed_days: u32,
}

/// A customer whose parcel came and who was never asked about it.
#[derive(Debug, Clone, PartialEq)]
pub struct UnaskedCustomer {
    pub contact: ContactId,
    pub order: String,
    pub delivered_at: Instant,
    pub late: bool,
    pub total: u64,
}

/// A count of the last seven days beside the seven before: `orders`, `new-customers`, `good-reviews`, `referrals`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekBesideWeek {
    pub what: String,
    pub now: u64,
    pub earlier: u64,
}

const DAY: i64 = 86_400;

impl Session {
    /// Public complaints from `from` until `until` without a reply afterwards, the newest `limit` of them.
    pub async fn unanswered_complaints(
        &self,
        from: Instant,
        until: Instant,
        limit: u32,
    ) -> Result<Vec<UnansweredComplaint>, LakeError> {
        let values = vec![("from", Value::from(from)), ("until", Value::from(until)), ("limit", Value::Int(i64::from(limit)))];
        self.ask("unanswered complaints", include_str!("complaints.sql"), values, |row| UnansweredComplaint {
            contact: ContactId(row.integer("contact")),
            channel: row.text("channel"),
            at: row.instant("at"),
            text: row.text("text"),
            total: row.count("total"),
        })
        .await
    }

    /// Customers going quiet at `until`, those with the most orders first.
    pub async fn drifting(&self, until: Instant, rules: DriftRules, limit: u32) -> Result<Vec<DriftingCustomer>, LakeError> {
        let values = vec![
            ("until", Value::from(until)),
            ("factor", Value::Float(rules.factor)),
            ("least", Value::from(i64::from(rules.least_orders))),
            ("limit", Value::Int(i64::from(limit))),
            ("lapsed", Value::Float(f64::from(rules.lapsed_days))),
        ];
        self.ask("customers about to lapse", include_str!("drifting.sql"), values, |row| DriftingCustomer {
            contact: ContactId(row.integer("contact")),
            orders: row.count("orders"),
            usual_gap_days: row.number("usual_gap"),
            silent_days: row.number("silent_days"),
            total: row.count("total"),
        })
        .await
    }

    /// Customers delivered to from `until_days` until `after_days` days before `now` and not asked since.
    pub async fn unasked(
        &self,
        now: Instant,
        after_days: u32,
        until_days: u32,
        limit: u32,
    ) -> Result<Vec<UnaskedCustomer>, LakeError> {
        let values = vec![
            ("from", Value::from(now.plus_seconds(-DAY * i64::from(until_days)))),
            ("to", Value::from(now.plus_seconds(-DAY * i64::from(after_days)))),
            ("until", Value::from(now)),
            ("limit", Value::Int(i64::from(limit))),
        ];
        self.ask("customers never asked", include_str!("unasked.sql"), values, |row| UnaskedCustomer {
            contact: ContactId(row.integer("contact")),
            order: row.text("order_no"),
            delivered_at: row.instant("delivered_at"),
            late: row.truth("late"),
            total: row.count("total"),
        })
        .await
    }

    /// The seven days before `now` beside the seven before those.
    pub async fn week_beside_week(&self, now: Instant) -> Result<Vec<WeekBesideWeek>, LakeError> {
        let values = vec![
            ("before", Value::from(now.plus_seconds(-14 * DAY))),
            ("week", Value::from(now.plus_seconds(-7 * DAY))),
            ("until", Value::from(now)),
        ];
        self.ask("the week beside the last", include_str!("week.sql"), values, |row| WeekBesideWeek {
            what: row.text("what"),
            now: row.count("now"),
            earlier: row.count("earlier"),
        })
        .await
    }
}

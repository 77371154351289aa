//! A figure: the only form in which a number reaches a person.

use serde::{Deserialize, Serialize};

use crate::{Currency, Instant};

/// How far a number may be trusted to say why. A count is measured; a credit by attribution, or a difference between groups that
/// chose themselves, is correlated; only a holdout, an experiment or a stated quasi-experiment is caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    Measured,
    Correlated,
    Caused,
}

impl Claim {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Correlated => "correlated",
            Self::Caused => "caused",
        }
    }
}

/// What a value counts. Money values are in minor units of their currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "unit", content = "currency")]
pub enum Unit {
    Count,
    /// Contacts, leads, customers: people, each counted once.
    People,
    /// A fraction of 1, shown in percent.
    Share,
    Money(Currency),
    Days,
    Hours,
    /// Points of a scale, such as stars from 1 to 5.
    Points,
    /// A quotient without a unit, such as output per input.
    Ratio,
}

/// The range in which the true value lies with the stated probability. For a plain count of everything there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// For instance 0.95.
    pub level: f64,
}

/// A number a person sees, with all that is needed to believe it or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// `None` where there is nothing to measure: a rate of no readers is not zero.
    pub value: Option<f64>,
    #[serde(flatten)]
    pub unit: Unit,
    pub interval: Option<Interval>,
    /// On how many observations the value stands.
    pub n: u64,
    pub claim: Claim,
    /// How it was computed, in one sentence a shop owner understands.
    pub method: String,
    pub as_of: Instant,
}

impl Figure {
    /// A count of all there is: measured, without an interval.
    #[must_use]
    pub fn count(value: u64, unit: Unit, method: &str, as_of: Instant) -> Self {
        Self {
            value: Some(value as f64),
            unit,
            interval: None,
            n: value,
            claim: Claim::Measured,
            method: method.to_owned(),
            as_of,
        }
    }

    /// A sum of money over `n` payments or orders: measured, without an interval.
    #[must_use]
    pub fn money(minor: i64, currency: Currency, n: u64, method: &str, as_of: Instant) -> Self {
        Self {
            value: Some(minor as f64),
            unit: Unit::Money(currency),
            interval: None,
            n,
            claim: Claim::Measured,
            method: method.to_owned(),
            as_of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_its_unit_and_claim_in_json() {
        let at = Instant::parse("2026-11-01T00:00:00Z").unwrap();
        let figure = Figure::money(1250, Currency::CNY, 3, "sum of order totals", at);
        let json = serde_json::to_value(&figure).unwrap();
        assert_eq!(json["unit"], "money");
        assert_eq!(json["currency"], "CNY");
        assert_eq!(json["claim"], "measured");
        assert_eq!(serde_json::from_value::<Figure>(json).unwrap(), figure);
    }
}

//! The stages of a customer's life with us (demand 2.12), by stated rules.

use std::fmt;

use serde::{Deserialize, Serialize};

/// aware → considering → preferring → customer → repeat → advocate, and lapsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LifecycleStage {
    Aware,
    Considering,
    Preferring,
    Customer,
    Repeat,
    Advocate,
    Lapsed,
}

impl LifecycleStage {
    pub const ALL: [Self; 7] =
        [Self::Aware, Self::Considering, Self::Preferring, Self::Customer, Self::Repeat, Self::Advocate, Self::Lapsed];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aware => "aware",
            Self::Considering => "considering",
            Self::Preferring => "preferring",
            Self::Customer => "customer",
            Self::Repeat => "repeat",
            Self::Advocate => "advocate",
            Self::Lapsed => "lapsed",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

impl fmt::Display for LifecycleStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// When a contact is in which stage. The rules are tried from the last to the first; each is a threshold a tenant may change in
/// `kith.toml`, and every answer says the thresholds it used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifecycleRules {
    /// Considering: at least so many visits, clicks, scans, questions or messages within `considering_days`.
    pub considering_touches: u32,
    pub considering_days: u32,
    /// Preferring: a cart, a lead, a sign-up, or at least so many of the above within `considering_days`.
    pub preferring_touches: u32,
    /// Repeat: at least so many orders.
    pub repeat_orders: u32,
    /// Advocate: a customer with at least so many referrals, praises, or reviews of at least `advocate_score`.
    pub advocate_acts: u32,
    pub advocate_score: u32,
    /// Lapsed: a customer without an order, or anybody else without any touch of their own, for so many days.
    pub lapsed_customer_days: u32,
    pub lapsed_days: u32,
}

impl Default for LifecycleRules {
    fn default() -> Self {
        Self {
            considering_touches: 2,
            considering_days: 30,
            preferring_touches: 5,
            repeat_orders: 2,
            advocate_acts: 1,
            advocate_score: 5,
            lapsed_customer_days: 120,
            lapsed_days: 90,
        }
    }
}

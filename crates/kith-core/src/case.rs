//! A case: something a customer needs an answer to, with a clock.

use serde::{Deserialize, Serialize};

use crate::{Channel, IdentityId, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseState {
    Open,
    Answered,
    Resolved,
}

impl CaseState {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Resolved => "resolved",
        }
    }
}

/// How bad it is: what a case concerns decides its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seriousness {
    Ordinary,
    Money,
    Law,
    Health,
    Safety,
}

/// What a customer said, when it came, when we first answered, when it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The number by which its source (a service desk, an export) knows it.
    pub number: String,
    pub identity: Option<IdentityId>,
    pub channel: Channel,
    pub opened_at: Instant,
    pub answered_at: Option<Instant>,
    pub resolved_at: Option<Instant>,
    pub order: Option<String>,
    pub subject: String,
    pub text: String,
    pub seriousness: Seriousness,
}

impl Case {
    #[must_use]
    pub fn state(&self) -> CaseState {
        if self.resolved_at.is_some() {
            CaseState::Resolved
        } else if self.answered_at.is_some() {
            CaseState::Answered
        } else {
            CaseState::Open
        }
    }

    /// Hours to the first answer, or until now if there is none.
    #[must_use]
    pub fn wait_hours(&self, now: Instant) -> f64 {
        self.answered_at.or(self.resolved_at).unwrap_or(now).days_since(self.opened_at) * 24.0
    }
}

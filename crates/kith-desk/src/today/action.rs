//! One thing to do, and the morning as a whole.

use kith_core::{Figure, Instant};
use serde::Serialize;

/// Which rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    PublicComplaint,
    RefusedRows,
    CampaignUnderTarget,
    AboutToLapse,
    NeverAsked,
    DoubtfulMerges,
    AccountWithoutRole,
    NothingPlanned,
}

impl Rule {
    pub const ALL: [Self; 8] = [
        Self::PublicComplaint,
        Self::RefusedRows,
        Self::CampaignUnderTarget,
        Self::AboutToLapse,
        Self::NeverAsked,
        Self::DoubtfulMerges,
        Self::AccountWithoutRole,
        Self::NothingPlanned,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublicComplaint => "public-complaint",
            Self::RefusedRows => "refused-rows",
            Self::CampaignUnderTarget => "campaign-under-target",
            Self::AboutToLapse => "about-to-lapse",
            Self::NeverAsked => "never-asked",
            Self::DoubtfulMerges => "doubtful-merges",
            Self::AccountWithoutRole => "account-without-role",
            Self::NothingPlanned => "nothing-planned",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
    }
}

/// Something to do this morning.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    pub rule: Rule,
    /// What to do, in one sentence.
    pub what: String,
    /// Why: what happens otherwise, or what it is worth.
    pub reason: String,
    /// What it stands on: who, when, what they said.
    pub evidence: Vec<String>,
    /// The number behind it.
    pub figure: Figure,
    /// The command that does it or shows all of it.
    pub command: String,
}

/// What Kith says in the morning: at most seven things, the most pressing first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Morning {
    pub as_of: Instant,
    pub actions: Vec<Action>,
    /// How many more actions there would have been.
    pub held_back: usize,
    pub went_well: Vec<String>,
}

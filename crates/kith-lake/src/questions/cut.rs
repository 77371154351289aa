//! How a question is cut: which time, in which steps of it, in which groups.

use kith_core::{Instant, Window};

use crate::Value;

/// By what the rows of an answer are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// Not at all: one row for everything.
    Whole,
    Medium,
    Campaign,
    Placement,
    Account,
    Channel,
    Kind,
}

impl Group {
    pub const ALL: [Self; 7] =
        [Self::Whole, Self::Medium, Self::Campaign, Self::Placement, Self::Account, Self::Channel, Self::Kind];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "none",
            Self::Medium => "medium",
            Self::Campaign => "campaign",
            Self::Placement => "placement",
            Self::Account => "account",
            Self::Channel => "channel",
            Self::Kind => "kind",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == text)
    }

    /// Must a conversion that names no source be traced to an earlier touch?
    const fn is_traced(self) -> bool {
        matches!(self, Self::Medium | Self::Campaign | Self::Placement | Self::Account)
    }
}

/// In which steps of time the rows go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    Whole,
    Day,
    Week,
    Month,
}

impl Period {
    pub const ALL: [Self; 4] = [Self::Whole, Self::Day, Self::Week, Self::Month];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "none",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.as_str() == text)
    }
}

/// Which touches a question reads and how its rows are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub window: Window,
    pub period: Period,
    pub group: Group,
    /// Only what this campaign brought.
    pub campaign: Option<String>,
    /// For how many days before a conversion a touch may be its source.
    pub look_back_days: u32,
}

const LOOK_BACK_DAYS: u32 = 30;

impl Cut {
    /// Everything in the window, in one row.
    #[must_use]
    pub const fn whole(window: Window) -> Self {
        Self { window, period: Period::Whole, group: Group::Whole, campaign: None, look_back_days: LOOK_BACK_DAYS }
    }

    #[must_use]
    pub const fn by(window: Window, group: Group) -> Self {
        Self { window, period: Period::Whole, group, campaign: None, look_back_days: LOOK_BACK_DAYS }
    }

    pub(crate) fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("from", self.window.from().into()),
            ("until", self.window.until().into()),
            ("period", self.period.as_str().into()),
            ("by", self.group.as_str().into()),
            ("campaign", self.campaign.as_deref().unwrap_or_default().into()),
        ]
    }

    /// The same for conversions, whose source may lie before the window.
    pub(crate) fn traced_values(&self) -> Vec<(&'static str, Value)> {
        let mut values = self.values();
        values.push(("since", self.since().into()));
        values.push(("look_back", Value::Int(i64::from(self.look_back_days) * 86_400_000_000)));
        values.push(("lookup", Value::Bool(self.group.is_traced() || self.campaign.is_some())));
        values
    }

    fn since(&self) -> Instant {
        self.window.from().plus_seconds(-i64::from(self.look_back_days) * 86_400)
    }
}

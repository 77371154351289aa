//! What sources say besides touches: profiles, posts, insights, costs, cases, consents.
//!
//! Each is an assertion of one import under a natural key. Two imports that assert the same key do not overwrite one
//! another: both are kept, and the one with the higher version (then the greater body) is read, as long as its import stands.
//! So undoing an import brings back what the other one said, and the order of files does not matter.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Case, Consent, ContactProfile, Cost, IdentityId, Insight, Post};

/// The kind of a record, and the name of its table in the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordKind {
    Profile,
    Post,
    Insight,
    Cost,
    Case,
    Consent,
}

impl RecordKind {
    pub const ALL: [Self; 6] = [Self::Profile, Self::Post, Self::Insight, Self::Cost, Self::Case, Self::Consent];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Post => "post",
            Self::Insight => "insight",
            Self::Cost => "cost",
            Self::Case => "case",
            Self::Consent => "consent",
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One assertion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "record")]
pub enum Record {
    Profile {
        identity: IdentityId,
        profile: ContactProfile,
    },
    Post(Post),
    Insight(Insight),
    /// `nth` tells apart costs that are equal in every column: the second of two equal invoices is another cost.
    Cost {
        cost: Cost,
        nth: u32,
    },
    Case(Case),
    Consent(Consent),
}

impl Record {
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Profile { .. } => RecordKind::Profile,
            Self::Post(_) => RecordKind::Post,
            Self::Insight(_) => RecordKind::Insight,
            Self::Cost { .. } => RecordKind::Cost,
            Self::Case(_) => RecordKind::Case,
            Self::Consent(_) => RecordKind::Consent,
        }
    }

    /// What makes two assertions speak of the same thing, within a tenant and a kind.
    #[must_use]
    pub fn key(&self) -> String {
        let text = |part: &Option<String>| part.as_deref().unwrap_or("").to_owned();
        let parts = match self {
            Self::Profile { identity, .. } => vec![identity.to_string()],
            Self::Post(post) => vec![post.channel.to_string(), post.external.clone()],
            Self::Insight(insight) => vec![
                insight.channel.to_string(),
                text(&insight.account),
                text(&insight.post),
                text(&insight.medium),
                text(&insight.campaign),
                insight.metric.to_string(),
                insight.at.micros().to_string(),
                insight.daily.to_string(),
            ],
            Self::Cost { cost, nth } => vec![
                cost.from.to_string(),
                cost.until.to_string(),
                cost.kind.as_str().to_owned(),
                cost.medium.to_string(),
                text(&cost.campaign),
                text(&cost.placement),
                text(&cost.account),
                cost.amount.to_string(),
                nth.to_string(),
            ],
            Self::Case(case) => vec![case.channel.to_string(), case.number.clone()],
            Self::Consent(consent) => vec![
                consent.identity.to_string(),
                consent.channel.as_ref().map(ToString::to_string).unwrap_or_default(),
                consent.purpose.clone(),
                consent.at.micros().to_string(),
            ],
        };
        // The unit separator stands in no cleaned text, so the parts cannot run into each other.
        parts.join("\u{1f}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, CostKind, Currency, Day, Medium, Money};

    #[test]
    fn two_equal_invoices_are_two_costs() {
        let day = Day::parse("2026-11-01").unwrap();
        let cost = Cost {
            from: day,
            until: day,
            kind: CostKind::Media,
            medium: Medium::parse("weibo").unwrap(),
            campaign: None,
            placement: None,
            account: None,
            amount: Money::new(100, Currency::CNY),
            hours: None,
        };
        let one = Record::Cost { cost: cost.clone(), nth: 0 };
        let two = Record::Cost { cost, nth: 1 };
        assert_ne!(one.key(), two.key());
    }

    #[test]
    fn a_post_is_known_by_its_channel_and_number() {
        let post = |text: &str| {
            Record::Post(Post {
                channel: Channel::parse("weibo").unwrap(),
                external: "1".into(),
                account: None,
                author: None,
                published_at: None,
                title: None,
                text: text.into(),
                url: None,
                campaign: None,
                topics: Vec::new(),
                attributes: String::new(),
            })
        };
        assert_eq!(post("a").key(), post("b").key());
    }
}

//! Which identities are one contact: a separate record that can always be undone.

use serde::{Deserialize, Serialize};

use crate::{IdentityId, Instant, LinkBasis};

/// Who said that two identities are one contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergeMaker {
    Rule,
    Person(String),
}

/// Two identities that are one contact: why, how surely, since when, and whether it was taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    pub number: i64,
    pub one: IdentityId,
    pub other: IdentityId,
    pub basis: Option<LinkBasis>,
    pub reason: String,
    pub confidence: f64,
    pub made_at: Instant,
    pub made_by: MergeMaker,
    pub undone_at: Option<Instant>,
    pub undone_by: Option<MergeMaker>,
}

/// A merge that the rules did not dare to make, for a person to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub number: i64,
    pub one: IdentityId,
    pub other: IdentityId,
    pub basis: LinkBasis,
    /// What speaks for it, and what against.
    pub reason: String,
    pub confidence: f64,
    pub proposed_at: Instant,
}

/// What a person has said about two identities. It is stronger than any rule and stays until the person takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MergeDecision {
    Same,
    Different,
}

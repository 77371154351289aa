//! A contact: a person or an organisation the tenant deals with.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Day, IdentityId};

/// The number of a contact: that of the smallest identity that belongs to it. It may change when identities are merged or a merge is
/// undone; an old number still leads to the contact that holds its identity now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(pub i64);

impl From<IdentityId> for ContactId {
    fn from(id: IdentityId) -> Self {
        Self(id.0)
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a source says of a person. All is optional: exports differ.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ContactProfile {
    pub name: Option<String>,
    pub gender: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub country: Option<String>,
    pub birthday: Option<Day>,
    pub tags: Vec<String>,
    /// Anything else that the source said, as it said it.
    pub other: Vec<(String, String)>,
}

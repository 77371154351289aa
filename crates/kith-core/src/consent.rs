//! What a person has allowed, per channel and purpose, with its history (demand 3.2).

use serde::{Deserialize, Serialize};

use crate::{Channel, IdentityId, Instant};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentState {
    Given,
    Withdrawn,
}

/// One change of mind: what is valid now is the latest for its channel and purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub identity: IdentityId,
    /// `None` speaks for all channels.
    pub channel: Option<Channel>,
    /// For what: `news`, `care`, `research`…
    pub purpose: String,
    pub state: ConsentState,
    pub at: Instant,
    /// Where and how it was said, word for word where possible.
    pub evidence: String,
}

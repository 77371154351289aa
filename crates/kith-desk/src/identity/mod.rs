//! Which identities are one contact. Below all activities, because whatever comes in may change it.

pub mod merges;
pub mod resolve;

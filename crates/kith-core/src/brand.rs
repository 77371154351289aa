//! A name that people talk about: the tenant's own, or a competitor's.

use serde::{Deserialize, Serialize};

use crate::Slug;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BrandSide {
    Own,
    Competitor,
}

/// A brand with the words by which people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    pub id: Slug,
    pub name: String,
    pub side: BrandSide,
    /// Other names, spellings and nicknames under which it is mentioned.
    pub aliases: Vec<String>,
}

//! The business that uses this Kith.

use serde::{Deserialize, Serialize};

use crate::{Calendar, Currency, TenantId};

/// The language in which Kith speaks to the people of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    En,
    Zh,
}

impl Language {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// Parses `zh`, `zh-CN`, `en_GB.UTF-8` and the like.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text.starts_with("zh") {
            Some(Self::Zh)
        } else if text.starts_with("en") {
            Some(Self::En)
        } else {
            None
        }
    }
}

/// A business with its own customers: nothing of one tenant is ever seen by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    pub name: String,
    pub calendar: Calendar,
    pub currency: Currency,
    pub language: Language,
    /// ISO 3166 code of the country whose phone numbers are written without a prefix.
    pub country: String,
}

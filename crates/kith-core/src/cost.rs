//! What marketing costs: media and people, per day and place.

use serde::{Deserialize, Serialize};

use crate::{Day, Medium, Money};

/// Money paid for media, or for the hours of people (demand 1.1 asks for both).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CostKind {
    Media,
    Labour,
    Goods,
    Other,
}

impl CostKind {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "media" | "ad" | "ads" | "advertising" | "媒体" | "广告" | "投放" => Some(Self::Media),
            "labour" | "labor" | "people" | "staff" | "人工" | "人力" | "工资" => Some(Self::Labour),
            "goods" | "prizes" | "gifts" | "奖品" | "礼品" | "物料" => Some(Self::Goods),
            "other" | "其他" => Some(Self::Other),
            _ => None,
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Media => "media",
            Self::Labour => "labour",
            Self::Goods => "goods",
            Self::Other => "other",
        }
    }
}

/// A cost that falls on the days `from` to `until` (both inside), spread evenly over them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub from: Day,
    pub until: Day,
    pub kind: CostKind,
    pub medium: Medium,
    pub campaign: Option<String>,
    pub placement: Option<String>,
    pub account: Option<String>,
    pub amount: Money,
    /// Hours of people's work, where the source gives them.
    pub hours: Option<f64>,
}

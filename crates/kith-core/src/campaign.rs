//! The plan: a campaign in stages and steps, its placements, and what success would be.

use serde::{Deserialize, Serialize};

use crate::{Day, Medium, Money, Slug};

/// A campaign with a beginning, an end and, before it may start, a definition of success (demand 2.6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    pub id: Slug,
    pub name: String,
    pub from: Day,
    pub until: Day,
    pub success: Option<SuccessDefinition>,
    pub stages: Vec<Stage>,
}

/// What shall have happened by when, counted how. A campaign cannot start without one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuccessDefinition {
    /// What is counted: `orders`, `leads`, `visits`, `revenue`.
    pub measure: String,
    pub baseline: f64,
    pub target: f64,
    pub by: Day,
    pub method: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub steps: Vec<Step>,
}

/// One thing to do, by somebody, on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub what: String,
    pub owner: String,
    pub on: Day,
    pub done: bool,
}

/// Where a campaign shows: medium + content + form + place + period + cost + its own tracked link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    pub id: Slug,
    pub campaign: Slug,
    pub medium: Medium,
    pub content: String,
    pub form: String,
    pub place: String,
    pub from: Day,
    pub until: Day,
    pub cost: Option<Money>,
    /// The code that its tracked link or QR code carries.
    pub link: String,
}

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

/// How far a campaign is on the way to its target, at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignProgress {
    pub measure: String,
    pub target: f64,
    pub reached: f64,
    /// What should have been reached by now if it grew evenly from the baseline to the target.
    pub due: f64,
    pub by: Day,
}

impl SuccessDefinition {
    /// Where the campaign stands on `today`, having reached `reached`. Growth is taken as even over the days of the
    /// campaign: a stated convention, not a forecast.
    #[must_use]
    pub fn progress(&self, from: Day, today: Day, reached: f64) -> CampaignProgress {
        let whole = (self.by.0 - from.0).num_days().max(1) as f64;
        let gone = ((today.0 - from.0).num_days() as f64 / whole).clamp(0.0, 1.0);
        let due = self.baseline + (self.target - self.baseline) * gone;
        CampaignProgress { measure: self.measure.clone(), target: self.target, reached, due, by: self.by }
    }
}

impl CampaignProgress {
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.reached < self.due
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_way_through_half_of_the_growth_is_due() {
        let day = |text| Day::parse(text).unwrap();
        let success = SuccessDefinition {
            measure: "orders".into(),
            baseline: 100.0,
            target: 300.0,
            by: day("2026-11-11"),
            method: String::new(),
        };
        let progress = success.progress(day("2026-11-01"), day("2026-11-06"), 150.0);
        assert_eq!(progress.due, 200.0);
        assert!(progress.is_behind());
        assert!(!success.progress(day("2026-11-01"), day("2026-10-01"), 100.0).is_behind());
    }
}

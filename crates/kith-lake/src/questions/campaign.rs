//! What a campaign was planned to be: its days, its definition of success, its placements.

use kith_core::{Currency, Day};

use crate::{LakeError, Session};

#[derive(Debug, Clone, PartialEq)]
pub struct CampaignFacts {
    pub id: String,
    pub name: String,
    pub first: Day,
    pub last: Day,
    pub measure: Option<String>,
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub target_day: Option<Day>,
    pub method: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementFacts {
    pub id: String,
    pub medium: String,
    pub content: String,
    pub form: String,
    pub place: String,
    pub first: Day,
    pub last: Day,
    pub cost: Option<(i64, Currency)>,
}

impl Session {
    /// Every campaign that is planned, those that begin last first.
    pub async fn campaigns(&self) -> Result<Vec<CampaignFacts>, LakeError> {
        let sql = "SELECT * FROM campaigns ORDER BY first_day DESC, id";
        self.ask("campaigns", sql, vec![], |row| CampaignFacts {
            id: row.text("id"),
            name: row.text("name"),
            first: row.day("first_day"),
            last: row.day("last_day"),
            measure: row.maybe_text("measure"),
            baseline: row.maybe_number("baseline"),
            target: row.maybe_number("target"),
            target_day: row.maybe_day("target_day"),
            method: row.maybe_text("method"),
        })
        .await
    }

    /// The placements of a campaign, by their first day.
    pub async fn placements(&self, campaign: &str) -> Result<Vec<PlacementFacts>, LakeError> {
        let sql = "SELECT * FROM placements WHERE campaign = $campaign ORDER BY first_day, id";
        self.ask("placements", sql, vec![("campaign", campaign.into())], |row| PlacementFacts {
            id: row.text("id"),
            medium: row.text("medium"),
            content: row.maybe_text("content").unwrap_or_default(),
            form: row.maybe_text("form").unwrap_or_default(),
            place: row.maybe_text("place").unwrap_or_default(),
            first: row.day("first_day"),
            last: row.day("last_day"),
            cost: row.maybe_integer("cost").zip(row.maybe_text("currency").and_then(|code| Currency::parse(&code).ok())),
        })
        .await
    }

    /// The first and last instant at which somebody did something that carries the campaign, where it is not planned here.
    pub async fn campaign_span(&self, campaign: &str) -> Result<Option<(kith_core::Instant, kith_core::Instant)>, LakeError> {
        let sql = "SELECT min(at) AS first_at, max(at) AS last_at FROM touches WHERE campaign = $campaign AND at IS NOT NULL";
        let rows = self
            .ask("campaign", sql, vec![("campaign", campaign.into())], |row| {
                row.maybe_instant("first_at").zip(row.maybe_instant("last_at"))
            })
            .await?;
        Ok(rows.into_iter().flatten().next())
    }

    /// Every campaign that a touch or the plan names, for "did you mean".
    pub async fn campaign_names(&self) -> Result<Vec<String>, LakeError> {
        let sql = "SELECT DISTINCT campaign AS name FROM touches WHERE campaign IS NOT NULL UNION SELECT id FROM campaigns ORDER BY name";
        self.ask("campaigns", sql, vec![], |row| row.text("name")).await
    }
}

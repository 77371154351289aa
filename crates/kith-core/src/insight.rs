//! An insight: a platform's own count for a post or an account at an instant.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Channel, IdError, Instant, Slug};

/// What a platform counts. The known ones take part in rates; any other short name is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metric(Slug);

impl Metric {
    pub const IMPRESSIONS: &'static str = "impressions";
    /// Different people shown it.
    pub const REACH: &'static str = "reach";
    pub const READS: &'static str = "reads";
    pub const LIKES: &'static str = "likes";
    pub const REPOSTS: &'static str = "reposts";
    pub const COMMENTS: &'static str = "comments";
    pub const FAVOURITES: &'static str = "favourites";
    pub const CLICKS: &'static str = "clicks";
    pub const VISITS: &'static str = "visits";
    pub const VISITORS: &'static str = "visitors";
    pub const FOLLOWERS: &'static str = "followers";
    pub const NEW_FOLLOWERS: &'static str = "new-followers";
    pub const LOST_FOLLOWERS: &'static str = "lost-followers";
    pub const ORDERS: &'static str = "orders";
    /// Money in minor units of the tenant's currency.
    pub const REVENUE: &'static str = "revenue";

    pub fn parse(text: &str) -> Result<Self, IdError> {
        Slug::parse(&text.trim().replace([' ', '_'], "-")).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A count as the platform gave it: aggregated, without the people behind it, so it is never added to touches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Insight {
    pub channel: Channel,
    pub account: Option<String>,
    /// The channel's id of the post; `None` counts the account (or a medium's whole traffic).
    pub post: Option<String>,
    /// Medium and campaign of a traffic report.
    pub medium: Option<String>,
    pub campaign: Option<String>,
    pub metric: Metric,
    /// The instant of a running total, or the start of the day that a daily count speaks of.
    pub at: Instant,
    /// Is the value the count of that day (true), or the total so far (false)?
    pub daily: bool,
    pub value: f64,
}

//! Posts with what was counted of them.

use kith_core::{Instant, Window};

use super::Cut;
use crate::{LakeError, Session};

#[derive(Debug, Clone, PartialEq)]
pub struct PostRow {
    pub channel: String,
    /// The channel's own id.
    pub post: String,
    pub title: Option<String>,
    pub account: Option<String>,
    pub published_at: Instant,
    /// `None` where nobody counted.
    pub reads: Option<f64>,
    pub impressions: Option<f64>,
    /// Different people shown it.
    pub reach: Option<f64>,
    pub likes: f64,
    pub reposts: f64,
    pub comments: f64,
    pub favourites: f64,
    pub clicks: f64,
}

impl PostRow {
    /// Likes, reposts, comments, favourites and clicks together.
    #[must_use]
    pub fn engagement(&self) -> f64 {
        self.likes + self.reposts + self.comments + self.favourites + self.clicks
    }
}

impl Session {
    /// Posts published (or first heard of) in the window, as counted until the session's as-of.
    pub async fn posts(&self, window: Window, campaign: Option<&str>) -> Result<Vec<PostRow>, LakeError> {
        let mut values = Cut { campaign: campaign.map(str::to_owned), ..Cut::whole(window) }.values();
        values.retain(|(name, _)| matches!(*name, "from" | "until" | "campaign"));
        values.push(("as_of", self.as_of().into()));
        self.ask("posts", include_str!("top_posts.sql"), values, |row| PostRow {
            channel: row.text("channel"),
            post: row.text("post"),
            title: row.maybe_text("title"),
            account: row.maybe_text("account"),
            published_at: row.instant("published_at"),
            reads: row.maybe_number("reads").filter(|count| *count > 0.0),
            impressions: row.maybe_number("impressions").filter(|count| *count > 0.0),
            reach: row.maybe_number("reach").filter(|count| *count > 0.0),
            likes: row.number("likes"),
            reposts: row.number("reposts"),
            comments: row.number("comments"),
            favourites: row.number("favourites"),
            clicks: row.number("clicks"),
        })
        .await
    }
}

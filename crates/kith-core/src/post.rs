//! What a brand, or anybody about it, publishes; and what it promises.

use serde::{Deserialize, Serialize};

use crate::{Channel, Instant};

/// A published piece on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub channel: Channel,
    /// The channel's own id of the post.
    pub external: String,
    /// Our account that published it; `None` for what others wrote.
    pub account: Option<String>,
    /// Who wrote it, where it is not ours.
    pub author: Option<String>,
    /// `None` where the source gives the text alone.
    pub published_at: Option<Instant>,
    pub title: Option<String>,
    pub text: String,
    pub url: Option<String>,
    pub campaign: Option<String>,
    pub topics: Vec<String>,
    /// Anything else that the source said, as a JSON object; empty means nothing.
    #[serde(default)]
    pub attributes: String,
}

/// Of what a promise or a complaint speaks (demand 0.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    Quality,
    Price,
    Delivery,
    Service,
    Packaging,
    Environment,
    Taste,
    Other,
}

/// What a post of ours leads people to expect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub post: String,
    pub aspect: Aspect,
    pub words: String,
}

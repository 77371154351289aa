//! What was published, and how the platforms counted it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kith_core::Instant;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::Door;
use crate::http::extract::Query;
use crate::http::page::{Page, PageAsk};
use crate::http::problem::{Fault, Problem};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A published piece.
#[derive(Debug, Serialize, ToSchema)]
pub struct Post {
    channel: String,
    /// The channel's own id of it.
    external: String,
    /// Our account that published it; null for what others wrote.
    account: Option<String>,
    title: Option<String>,
    text: String,
    topics: Vec<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Instant>,
    url: Option<String>,
    campaign: Option<String>,
    /// The platform's latest counts, by what is counted.
    counts: BTreeMap<String, f64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PostAsk {
    /// Words of its title, text or topics.
    q: Option<String>,
    channel: Option<String>,
}

/// Posts, the newest first.
#[utoipa::path(get, path = "/posts", tag = "posts", params(PostAsk, PageAsk),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Page<Post>), (status = "default", body = Problem)))]
async fn list(
    State(door): State<Door>,
    asker: Asker,
    headers: HeaderMap,
    Query(ask): Query<PostAsk>,
    Query(page): Query<PageAsk>,
) -> Result<Response, Fault> {
    let key = format!("posts|{:?}|{:?}|{:?}|{:?}", ask.q, ask.channel, page.limit, page.cursor);
    door.with_picture(&asker, &headers, &key, |shown| {
        let (asker, ask, page) = (&asker, &ask, &page);
        async move {
            let words = ask.q.as_deref().unwrap_or("").to_lowercase();
            let channel = ask.channel.as_deref().filter(|channel| !channel.is_empty());
            let fits = |post: &&kith_core::Post| {
                channel.is_none_or(|channel| post.channel.as_str() == channel)
                    && words.split_whitespace().all(|word| {
                        let has = |text: &str| text.to_lowercase().contains(word);
                        has(&post.text) || post.title.as_deref().is_some_and(has) || post.topics.iter().any(|topic| has(topic))
                    })
            };
            let mut posts: Vec<&kith_core::Post> = shown.picture.posts.values().filter(fits).collect();
            posts.sort_by(|a, b| b.published_at.cmp(&a.published_at).then_with(|| a.external.cmp(&b.external)));
            let page = page.cut("posts", &asker.tenant.id, posts)?;
            let items = page.items.into_iter().map(|post| Post {
                counts: shown.picture.counts.get(&(post.channel.to_string(), post.external.clone())).cloned().unwrap_or_default(),
                channel: post.channel.to_string(),
                external: post.external.clone(),
                account: post.account.clone(),
                title: post.title.clone(),
                text: post.text.clone(),
                topics: post.topics.clone(),
                published_at: post.published_at,
                // An address that a stranger wrote is followed only if it is one of the web.
                url: post.url.clone().filter(|url| url.starts_with("https://") || url.starts_with("http://")),
                campaign: post.campaign.clone(),
            });
            Ok(Page { items: items.collect(), next: page.next })
        }
    })
    .await
}

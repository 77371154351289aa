//! A contact's timeline: every touch in order, under all of the contact's identities, and the orders put together.

use std::collections::{BTreeMap, BTreeSet};

use kith_core::{ContactId, Identity, IdentityId, Instant, OrderState, Tenant, Touch};
use kith_lake::{LakeError, Session};
use serde::Serialize;

use super::search::{Contacts, display_name, search};
use crate::picture::Picture;
use crate::store::{Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    #[error("nobody here is found by `{0}`: `kith contacts` searches names, handles, phones and order numbers")]
    Nobody(String),
    #[error("`{query}` finds several contacts ({several}): use the number of one of them")]
    Several { query: String, several: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One touch of a timeline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    #[serde(flatten)]
    pub touch: Touch,
    /// Text of the post that it answers, where the journal has it.
    pub post_text: Option<String>,
}

/// All that is known of a contact, in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    pub contact: ContactId,
    pub name: String,
    pub identities: Vec<Identity>,
    pub entries: Vec<Entry>,
    pub orders: Vec<OrderState>,
    pub as_of: Instant,
}

/// The contact that a person means: its number, or a search that finds exactly one.
pub async fn find_contact(store: &Store, tenant: &Tenant, query: &str) -> Result<ContactId, TimelineError> {
    if let Ok(number) = query.trim().parse::<i64>() {
        let known = store.journal.identities(&tenant.id, &[IdentityId(number)]).await.map_err(StoreError::from)?;
        if let Some(identity) = known.first() {
            return Ok(Contacts::of(store, tenant).await?.contact(identity.id));
        }
    }
    let found = search(store, tenant, query, 5).await?;
    match found.as_slice() {
        [] => Err(TimelineError::Nobody(query.to_owned())),
        [one] => Ok(one.contact),
        several => {
            let several = several.iter().map(|found| format!("{} {}", found.contact, found.name)).collect::<Vec<_>>().join(", ");
            Err(TimelineError::Several { query: query.to_owned(), several })
        }
    }
}

/// The whole timeline of a contact as the journal has it now.
pub async fn timeline(store: &Store, tenant: &Tenant, contact: ContactId, now: Instant) -> Result<Timeline, TimelineError> {
    Ok(timeline_in(store, tenant, &store.picture(tenant, now).await?, contact).await?)
}

/// The same, as a picture has it.
pub async fn timeline_in(store: &Store, tenant: &Tenant, picture: &Picture, contact: ContactId) -> Result<Timeline, StoreError> {
    let ids = picture.contacts.identities(contact);
    let identities = store.journal.identities(&tenant.id, &ids).await?;
    let touches = tokio::task::block_in_place(|| all_touches(&picture.session, &ids))?;
    let mut parts: BTreeMap<&str, Vec<Touch>> = BTreeMap::new();
    for touch in &touches {
        if let Some(order) = touch.order.as_deref() {
            parts.entry(order).or_default().push(touch.clone());
        }
    }
    let mut orders: Vec<OrderState> = parts.iter().map(|(number, parts)| OrderState::of(number, parts)).collect();
    orders.sort_by(|a, b| (a.placed_at, &a.number).cmp(&(b.placed_at, &b.number)));
    let entries = touches.into_iter().map(|touch| {
        let post = touch.post.as_ref().and_then(|post| picture.posts.get(&(touch.channel.to_string(), post.to_string())));
        Entry { post_text: post.map(|post| post.text.clone()), touch }
    });
    let (entries, as_of) = (entries.collect(), picture.session.as_of());
    Ok(Timeline { contact, name: display_name(&identities, contact), entries, identities, orders, as_of })
}

/// Touches of these identities and the parts of their orders, in order.
fn all_touches(session: &Session, ids: &[IdentityId]) -> Result<Vec<Touch>, LakeError> {
    let mut touches = session.touches_of(ids, &[])?;
    // Lines and payments of exports that name only the order lie under the order's number, not under the contact.
    let numbers: BTreeSet<String> = touches.iter().filter_map(|touch| touch.order.as_ref().map(ToString::to_string)).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    if !numbers.is_empty() {
        let known: BTreeSet<_> = touches.iter().map(|touch| touch.id).collect();
        let parts = session.touches_of(&[], &numbers)?;
        touches.extend(parts.into_iter().filter(|part| !known.contains(&part.id)));
    }
    touches.sort_by_key(|touch| (touch.at.is_none(), touch.at, touch.id));
    Ok(touches)
}

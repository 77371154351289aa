//! Contacts: found, listed, and each one's card and timeline.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kith_core::{ContactId, IdentityId, Instant, LifecycleStage};
use kith_desk::audience::{Enrolled, RollFilter, RollPlace, card, display_name, holder, search_among, timeline_in};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::Door;
use crate::http::extract::{Path, Query, number};
use crate::http::figure::Money;
use crate::http::page::{Page, PageAsk, cursor};
use crate::http::person::{Case, Consent, Identity, Order, Profile, TouchItem, name};
use crate::http::pictures::Shown;
use crate::http::problem::{Code, Fault, Problem};
use crate::http::routes::merges::{Merge, Sides};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).routes(routes!(timeline))
}

/// A contact in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactItem {
    /// A number too long for a script's numbers, so a text.
    pub contact: String,
    pub name: String,
    /// aware, considering, preferring, customer, repeat, advocate or lapsed; null where nothing counts of them.
    pub stage: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Instant>,
    pub touches: u64,
    pub orders: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_order_at: Option<Instant>,
    /// Net of refunds, in the tenant's currency.
    pub revenue: Option<Money>,
    pub channels: Vec<String>,
    /// What was found, where something was looked for.
    pub matched: Option<String>,
}

/// All that is known of a contact besides the touches.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    pub contact: String,
    pub name: String,
    pub stage: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Instant>,
    pub touches: u64,
    pub revenue: Option<Money>,
    pub channels: Vec<String>,
    pub identities: Vec<Identity>,
    pub profile: Profile,
    pub orders: Vec<Order>,
    pub cases: Vec<Case>,
    pub consents: Vec<Consent>,
    pub merges: Vec<Merge>,
    pub proposals: Vec<Merge>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContactAsk {
    /// A name, handle, e-mail, phone or order number, or a part of it.
    q: Option<String>,
    /// Only those in this stage.
    stage: Option<String>,
    /// Only those who were met on this channel.
    channel: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TimelineAsk {
    /// Only touches of this kind.
    kind: Option<String>,
    /// Only touches on this channel.
    channel: Option<String>,
}

/// So many contacts that match are looked through, at most.
const MOST_FOUND: usize = 500;

impl ContactItem {
    fn of(contact: ContactId, name: String, enrolled: Option<&Enrolled>, asker: &Asker) -> Self {
        let row = enrolled.map(|one| &one.row);
        let money = |minor| kith_core::Money::new(minor, asker.tenant.currency).into();
        Self {
            contact: contact.to_string(),
            name,
            stage: row.map(|row| row.stage.as_str().to_owned()),
            first_at: row.map(|row| row.first_at),
            last_at: row.map(|row| row.last_at),
            touches: row.map_or(0, |row| row.touches),
            orders: row.map_or(0, |row| row.orders),
            last_order_at: row.and_then(|row| row.last_order_at),
            revenue: row.and_then(|row| row.minor).map(money),
            channels: enrolled.map(|one| one.channels.clone()).unwrap_or_default(),
            matched: None,
        }
    }
}

fn filter(ask: &ContactAsk) -> Result<RollFilter, Fault> {
    let stage = match ask.stage.as_deref().filter(|stage| !stage.is_empty()) {
        None => None,
        Some(text) => Some(
            LifecycleStage::parse(text)
                .ok_or_else(|| Fault::new(Code::BadQuery).field("stage").detail(format!("`{text}` is no stage")))?,
        ),
    };
    Ok(RollFilter { stage, channel: ask.channel.clone().filter(|channel| !channel.is_empty()) })
}

/// Contacts: those seen last first; where something is looked for, the best match first.
#[utoipa::path(get, path = "/contacts", tag = "contacts", params(ContactAsk, PageAsk),
    extensions(("x-permission" = json!("contacts.read"))),
    responses((status = 200, body = Page<ContactItem>), (status = "default", body = Problem)))]
async fn list(
    State(door): State<Door>,
    asker: Asker,
    headers: HeaderMap,
    Query(ask): Query<ContactAsk>,
    Query(page): Query<PageAsk>,
) -> Result<Response, Fault> {
    let (filter, limit) = (filter(&ask)?, page.limit()?);
    let query = ask.q.as_deref().map(str::trim).filter(|query| !query.is_empty());
    if query.is_some() && !asker.sees_people() {
        // Whoever may not see a phone number must not find out by asking for it.
        return Err(Fault::new(Code::Forbidden).field("q").detail("contacts.personal"));
    }
    let key = format!("contacts|{query:?}|{filter:?}|{limit}|{:?}", page.cursor);
    door.with_picture(&asker, &headers, &key, |shown| {
        let (door, asker, filter, page) = (&door, &asker, &filter, &page);
        async move {
            match query {
                Some(query) => found(door, asker, &shown, query, filter, page).await,
                None => enrolled(door, asker, &shown, filter, page).await,
            }
        }
    })
    .await
}

async fn found(
    door: &Door,
    asker: &Asker,
    shown: &Shown,
    query: &str,
    filter: &RollFilter,
    page: &PageAsk,
) -> Result<Page<ContactItem>, Fault> {
    let picture = &shown.picture;
    let roll = picture.roll(door.store().config.lifecycle).await?;
    let found = search_among(door.store(), &asker.tenant, &picture.contacts, query, MOST_FOUND).await?;
    let narrow = *filter != RollFilter::default();
    let items = found.into_iter().filter_map(|found| {
        let enrolled = roll.get(found.contact);
        if narrow && !enrolled.is_some_and(|one| filter.fits(one)) {
            return None;
        }
        let name = name(&found.name, asker.sees_people());
        Some(ContactItem { matched: Some(found.matched), ..ContactItem::of(found.contact, name, enrolled, asker) })
    });
    page.cut("found", &asker.tenant.id, items.collect())
}

async fn enrolled(
    door: &Door,
    asker: &Asker,
    shown: &Shown,
    filter: &RollFilter,
    page: &PageAsk,
) -> Result<Page<ContactItem>, Fault> {
    let (picture, tenant) = (&shown.picture, &asker.tenant.id);
    let roll = picture.roll(door.store().config.lifecycle).await?;
    let after = page.place("contacts", tenant)?.map(|place| roll_place(&place)).transpose()?;
    let (enrolled, next) = roll.page(filter, after, page.limit()?);
    let members: Vec<(ContactId, Vec<IdentityId>)> =
        enrolled.iter().map(|one| (one.row.contact, picture.contacts.identities(one.row.contact))).collect();
    let ids: Vec<IdentityId> = members.iter().flat_map(|(_, members)| members.iter().copied()).collect();
    let known = door.store().journal.identities(tenant, &ids).await?;
    let items = enrolled.iter().zip(&members).map(|(one, (contact, members))| {
        let own: Vec<kith_core::Identity> = known.iter().filter(|identity| members.contains(&identity.id)).cloned().collect();
        let name = name(&display_name(&own, *contact), asker.sees_people());
        ContactItem::of(*contact, name, Some(one), asker)
    });
    let next = next.map(|(at, contact)| cursor("contacts", tenant, &format!("{}.{contact}", at.micros())));
    Ok(Page { items: items.collect(), next })
}

fn roll_place(text: &str) -> Result<RollPlace, Fault> {
    let parts = text.split_once('.').and_then(|(at, contact)| Some((at.parse().ok()?, contact.parse().ok()?)));
    let place = parts.and_then(|(at, contact): (i64, i64)| Some((Instant::from_micros(at).ok()?, ContactId(contact))));
    place.ok_or_else(|| Fault::new(Code::BadCursor).field("cursor"))
}

/// The contact that holds the number now.
async fn contact_of(door: &Door, asker: &Asker, shown: &Shown, of: &str) -> Result<ContactId, Fault> {
    let held = holder(door.store(), &asker.tenant, &shown.picture, IdentityId(number(of)?)).await?;
    held.ok_or_else(|| Fault::new(Code::NotFound))
}

/// A contact. The number of one that was merged leads to the contact that holds it now.
#[utoipa::path(get, path = "/contacts/{contact}", tag = "contacts", params(("contact" = String, Path)),
    extensions(("x-permission" = json!("contacts.read"))),
    responses((status = 200, body = Contact), (status = "default", body = Problem)))]
async fn show(State(door): State<Door>, asker: Asker, headers: HeaderMap, Path(of): Path<String>) -> Result<Response, Fault> {
    door.with_picture(&asker, &headers, &format!("contact|{of}"), |shown| {
        let (door, asker, of) = (&door, &asker, &of);
        async move {
            let contact = contact_of(door, asker, &shown, of).await?;
            let card = card(door.store(), &asker.tenant, &shown.picture, contact).await?;
            let clear = asker.sees_people();
            let merged = card.merges.iter().flat_map(|merge| [merge.one, merge.other]);
            let proposed = card.proposals.iter().flat_map(|proposal| [proposal.one, proposal.other]);
            let ids: Vec<IdentityId> = merged.chain(proposed).collect();
            let sides = Sides::of(door, asker, &shown, &ids).await?;
            let item = ContactItem::of(contact, name(&card.name, clear), card.enrolled.as_ref(), asker);
            Ok(Contact {
                contact: item.contact,
                name: item.name,
                stage: item.stage,
                first_at: item.first_at,
                last_at: item.last_at,
                touches: item.touches,
                revenue: item.revenue,
                channels: item.channels,
                identities: card.identities.iter().map(|identity| Identity::of(identity, clear)).collect(),
                profile: Profile::of(&card.profile, clear),
                orders: card.orders.iter().map(Order::from).collect(),
                cases: card.cases.iter().map(|case| Case::of(case, clear)).collect(),
                consents: Consent::history(&card.consents, clear),
                merges: card.merges.iter().map(|merge| sides.merge(merge)).collect(),
                proposals: card.proposals.iter().map(|proposal| sides.proposal(proposal)).collect(),
            })
        }
    })
    .await
}

/// A contact's touches, the newest first.
#[utoipa::path(get, path = "/contacts/{contact}/timeline", tag = "contacts",
    params(("contact" = String, Path), TimelineAsk, PageAsk), extensions(("x-permission" = json!("contacts.read"))),
    responses((status = 200, body = Page<TouchItem>), (status = "default", body = Problem)))]
async fn timeline(
    State(door): State<Door>,
    asker: Asker,
    headers: HeaderMap,
    Path(of): Path<String>,
    Query(ask): Query<TimelineAsk>,
    Query(page): Query<PageAsk>,
) -> Result<Response, Fault> {
    let limit = page.limit()?;
    let key = format!("timeline|{of}|{:?}|{:?}|{limit}|{:?}", ask.kind, ask.channel, page.cursor);
    door.with_picture(&asker, &headers, &key, |shown| {
        let (door, asker, of, ask, page) = (&door, &asker, &of, &ask, &page);
        async move {
            let contact = contact_of(door, asker, &shown, of).await?;
            let list = format!("timeline-{contact}");
            let behind = page.place(&list, &asker.tenant.id)?;
            let story = timeline_in(door.store(), &asker.tenant, &shown.picture, contact).await?;
            let wanted = |text: &Option<String>, is: String| text.as_ref().is_none_or(|text| text.is_empty() || *text == is);
            let fits = |entry: &&kith_desk::audience::Entry| {
                wanted(&ask.kind, entry.touch.kind.to_string()) && wanted(&ask.channel, entry.touch.channel.to_string())
            };
            // Behind the touch that the page before ended with, wherever newer ones have put it.
            let mut entries = story.entries.iter().rev();
            if let Some(last) = &behind
                && !entries.any(|entry| entry.touch.id.to_string() == *last)
            {
                return Err(Fault::new(Code::BadCursor).field("cursor"));
            }
            let mut entries = entries.filter(fits);
            let items: Vec<TouchItem> =
                entries.by_ref().take(limit).map(|entry| TouchItem::of(entry, asker.sees_people())).collect();
            let more = entries.next().is_some();
            let last = items.last().filter(|_| more).map(|last| cursor(&list, &asker.tenant.id, &last.id));
            Ok(Page { items, next: last })
        }
    })
    .await
}

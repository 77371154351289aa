//! Which identities are one contact: proposed, decided, taken back.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kith_core::{IdentityId, Instant, MergeDecision, MergeMaker};
use kith_desk::identity::merges;
use kith_desk::trust::AuditAction;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, Query, number};
use crate::http::page::{Page, PageAsk};
use crate::http::person::Side;
use crate::http::pictures::Shown;
use crate::http::problem::{Code, Fault, Problem};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(decide)).routes(routes!(undo)).routes(routes!(forget))
}

/// Two identities that are one contact, or may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Merge {
    pub number: i64,
    /// proposed, standing or undone.
    pub state: String,
    pub one: Side,
    pub other: Side,
    /// On what ground; null where a person said so.
    pub basis: Option<String>,
    pub reason: String,
    /// 0 to 1.
    pub confidence: f64,
    /// When it was proposed or made.
    #[schema(value_type = String, format = DateTime)]
    pub since: Instant,
    /// Null is the rules.
    pub made_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undone_at: Option<Instant>,
    pub undone_by: Option<String>,
}

/// The two about which something was decided: what takes it back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decided {
    pub undo: Pair,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Pair {
    pub one: String,
    pub other: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MergeAsk {
    /// proposed (if nothing is said), standing or undone.
    state: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct DecisionBody {
    /// same or different.
    #[schema(value_type = String, example = "same")]
    decision: MergeDecision,
}

/// Knows the identities that merges speak of.
pub struct Sides<'a> {
    shown: &'a Shown,
    known: HashMap<IdentityId, kith_core::Identity>,
    clear: bool,
}

impl<'a> Sides<'a> {
    pub async fn of(door: &Door, asker: &Asker, shown: &'a Shown, ids: &[IdentityId]) -> Result<Self, Fault> {
        let known = door.store().journal.identities(&asker.tenant.id, ids).await?;
        let known = known.into_iter().map(|identity| (identity.id, identity)).collect();
        Ok(Self { shown, known, clear: asker.sees_people() })
    }

    fn side(&self, id: IdentityId) -> Side {
        Side::of(id, self.shown.picture.contacts.contact(id), self.known.get(&id), self.clear)
    }

    pub fn merge(&self, merge: &kith_core::Merge) -> Merge {
        Merge {
            number: merge.number,
            state: if merge.undone_at.is_some() { "undone" } else { "standing" }.to_owned(),
            one: self.side(merge.one),
            other: self.side(merge.other),
            basis: merge.basis.map(|basis| basis.as_str().to_owned()),
            reason: self.reason(&merge.reason),
            confidence: merge.confidence,
            since: merge.made_at,
            made_by: maker(&merge.made_by),
            undone_at: merge.undone_at,
            undone_by: merge.undone_by.as_ref().and_then(maker),
        }
    }

    pub fn proposal(&self, proposal: &kith_core::Proposal) -> Merge {
        Merge {
            number: proposal.number,
            state: "proposed".to_owned(),
            one: self.side(proposal.one),
            other: self.side(proposal.other),
            basis: Some(proposal.basis.as_str().to_owned()),
            reason: self.reason(&proposal.reason),
            confidence: proposal.confidence,
            since: proposal.proposed_at,
            made_by: None,
            undone_at: None,
            undone_by: None,
        }
    }

    /// Reasons name phones and addresses.
    fn reason(&self, reason: &str) -> String {
        if self.clear { reason.to_owned() } else { String::new() }
    }
}

fn maker(maker: &MergeMaker) -> Option<String> {
    match maker {
        MergeMaker::Rule => None,
        MergeMaker::Person(name) => Some(name.clone()),
    }
}

/// Merges: those to be decided, those that stand, those that were undone.
#[utoipa::path(get, path = "/merges", tag = "merges", params(MergeAsk, PageAsk),
    extensions(("x-permission" = json!("contacts.read"))),
    responses((status = 200, body = Page<Merge>), (status = "default", body = Problem)))]
async fn list(
    State(door): State<Door>,
    asker: Asker,
    Query(ask): Query<MergeAsk>,
    Query(page): Query<PageAsk>,
) -> Result<Response, Fault> {
    let state = ask.state.as_deref().unwrap_or("proposed");
    let (journal, tenant) = (&door.store().journal, &asker.tenant.id);
    let shown = door.picture(&asker.tenant).await?;
    let list = format!("merges-{state}");
    if state == "proposed" {
        let page = page.cut(&list, tenant, journal.proposals(tenant).await?)?;
        let ids: Vec<IdentityId> = page.items.iter().flat_map(|one| [one.one, one.other]).collect();
        let sides = Sides::of(&door, &asker, &shown, &ids).await?;
        let items = page.items.iter().map(|one| sides.proposal(one)).collect();
        return Ok(fresh(StatusCode::OK, Page { items, next: page.next }));
    }
    if !matches!(state, "standing" | "undone") {
        return Err(Fault::new(Code::BadQuery).field("state").detail("`state` is proposed, standing or undone"));
    }
    let mut merges = journal.merges(tenant, state == "undone").await?;
    merges.retain(|merge| merge.undone_at.is_some() == (state == "undone"));
    merges.reverse();
    let page = page.cut(&list, tenant, merges)?;
    let ids: Vec<IdentityId> = page.items.iter().flat_map(|one| [one.one, one.other]).collect();
    let sides = Sides::of(&door, &asker, &shown, &ids).await?;
    let items = page.items.iter().map(|one| sides.merge(one)).collect();
    Ok(fresh(StatusCode::OK, Page { items, next: page.next }))
}

fn pair(one: IdentityId, other: IdentityId) -> Decided {
    Decided { undo: Pair { one: one.to_string(), other: other.to_string() } }
}

/// Says what a proposal is: one person or two.
#[utoipa::path(post, path = "/merges/proposals/{number}/decision", tag = "merges", params(("number" = i64, Path)),
    extensions(("x-permission" = json!("contacts.decide"))), request_body = DecisionBody,
    responses((status = 200, body = Decided), (status = "default", body = Problem)))]
async fn decide(
    State(door): State<Door>,
    asker: Asker,
    Path(of): Path<String>,
    Body(body): Body<DecisionBody>,
) -> Result<Response, Fault> {
    let (of, now) = (number(&of)?, door.now());
    let _turn = door.writing().await;
    let open = door.store().journal.proposals(&asker.tenant.id).await?;
    let found = open.into_iter().find(|open| open.number == of).ok_or_else(|| Fault::new(Code::NotFound))?;
    let by = asker.caller.who.to_string();
    merges::decide(door.store(), &asker.tenant, of, body.decision, &by, now).await?;
    let details = serde_json::json!({ "decision": body.decision });
    door.trust().note(&asker.caller, AuditAction::ContactsDecided, &format!("proposal/{of}"), &details, now).await?;
    Ok(fresh(StatusCode::OK, pair(found.one, found.other)))
}

/// Takes a merge back: from now on the two are different.
#[utoipa::path(post, path = "/merges/{number}/undo", tag = "merges", params(("number" = i64, Path)),
    extensions(("x-permission" = json!("contacts.decide"))),
    responses((status = 200, body = Decided), (status = "default", body = Problem)))]
async fn undo(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<Response, Fault> {
    let (of, now) = (number(&of)?, door.now());
    let _turn = door.writing().await;
    let found = door.store().journal.merge(&asker.tenant.id, of).await?.ok_or_else(|| Fault::new(Code::NotFound))?;
    merges::undo(door.store(), &asker.tenant, of, &asker.caller.who.to_string(), now).await?;
    let on = format!("merge/{of}");
    door.trust().note(&asker.caller, AuditAction::ContactsDecisionUndone, &on, &serde_json::json!({}), now).await?;
    Ok(fresh(StatusCode::OK, pair(found.one, found.other)))
}

/// Forgets what a person decided about two identities: the rules judge them again.
#[utoipa::path(post, path = "/merges/forget", tag = "merges", extensions(("x-permission" = json!("contacts.decide"))),
    request_body = Pair, responses((status = 204), (status = "default", body = Problem)))]
async fn forget(State(door): State<Door>, asker: Asker, Body(body): Body<Pair>) -> Result<StatusCode, Fault> {
    let (one, other, now) = (number(&body.one)?, number(&body.other)?, door.now());
    let _turn = door.writing().await;
    merges::forget(door.store(), &asker.tenant, one, other, now).await?;
    let details = serde_json::json!({ "decision": null });
    door.trust().note(&asker.caller, AuditAction::ContactsDecided, "decision", &details, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

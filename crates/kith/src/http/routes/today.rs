//! Today: the few things to do this morning.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kith_core::{Day, Instant};
use kith_desk::today::{self, Rule, mark_done, morning_in, unmark_done, without_done};
use kith_desk::trust::Permission;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Path, Query};
use crate::http::figure::Figure;
use crate::http::pictures::MorningForm;
use crate::http::problem::{Code, Fault, Problem};
use crate::http::when;

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(done, undone))
}

/// Lines of evidence of an action: in the morning, and where one rule is asked for.
const FEW: u32 = 3;
const ALL: u32 = 1_000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TodayAsk {
    /// Only this rule, with all of its evidence.
    rule: Option<String>,
    /// As if it were this time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<String>,
}

/// What Kith says in the morning.
#[derive(Debug, Serialize, ToSchema)]
pub struct Morning {
    #[schema(value_type = String, format = DateTime)]
    as_of: Instant,
    #[schema(value_type = String, format = Date)]
    day: Day,
    actions: Vec<Action>,
    /// What somebody has done today, so that it can be taken back.
    done: Vec<Action>,
    /// How many more actions there would have been.
    held_back: u64,
    went_well: Vec<String>,
}

/// Something to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Action {
    /// By which it is said to be done.
    key: String,
    rule: String,
    what: String,
    reason: String,
    evidence: Vec<String>,
    figure: Figure,
    /// The command of the terminal that does it or shows all of it.
    command: String,
    link: Link,
}

/// The page on which it is done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    /// today, contacts, imports, campaigns, merges or accounts.
    page: String,
    /// What stands behind the question mark of the page.
    search: BTreeMap<String, String>,
    /// Of the one thing that it is about.
    id: Option<String>,
}

/// A thing that was said to be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    key: String,
    #[schema(value_type = String, format = DateTime)]
    done_at: Instant,
}

impl Action {
    fn of(action: &today::Action, sees_people: bool) -> Self {
        Self {
            key: action.rule.as_str().to_owned(),
            rule: action.rule.as_str().to_owned(),
            what: action.what.clone(),
            reason: action.reason.clone(),
            // Evidence names people and quotes them.
            evidence: if sees_people || !names_people(action.rule) { action.evidence.clone() } else { Vec::new() },
            figure: Figure::from(&action.figure),
            command: action.command.clone(),
            link: link(action.rule),
        }
    }
}

const fn names_people(rule: Rule) -> bool {
    matches!(rule, Rule::PublicComplaint | Rule::AboutToLapse | Rule::NeverAsked | Rule::DoubtfulMerges)
}

fn link(rule: Rule) -> Link {
    let (page, search): (&str, &[(&str, &str)]) = match rule {
        Rule::PublicComplaint | Rule::AboutToLapse | Rule::NeverAsked => ("today", &[("rule", rule.as_str())]),
        Rule::RefusedRows => ("imports", &[("refused", "true")]),
        Rule::CampaignUnderTarget => ("campaigns", &[("state", "running")]),
        Rule::DoubtfulMerges => ("merges", &[("state", "proposed")]),
        Rule::AccountWithoutRole => ("accounts", &[]),
        Rule::NothingPlanned => ("campaigns", &[]),
    };
    let search = search.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Link { page: page.to_owned(), search, id: None }
}

/// This morning's list.
#[utoipa::path(get, path = "/today", tag = "today", params(TodayAsk), extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Morning), (status = "default", body = Problem)))]
async fn show(State(door): State<Door>, asker: Asker, Query(ask): Query<TodayAsk>) -> Result<Response, Fault> {
    let rule = match ask.rule.as_deref() {
        None => None,
        Some(name) => Some(Rule::parse(name).ok_or_else(|| Fault::new(Code::BadQuery).field("rule").detail("no such rule"))?),
    };
    let evidence = if rule.is_some() { ALL } else { FEW };
    if let Some(as_of) = ask.as_of.as_deref() {
        let as_of = when::instant("as_of", as_of)?;
        let picture = door.store().picture(&asker.tenant, as_of).await?;
        let morning = morning_in(door.store(), &asker.tenant, &picture, asker.language, evidence).await?;
        return Ok(fresh(StatusCode::OK, told(&door, &asker, morning, rule).await?));
    }
    let shown = door.picture(&asker.tenant).await?;
    let form = MorningForm { language: asker.language, whole: rule.is_some() };
    let decide = || async { Ok(morning_in(door.store(), &asker.tenant, &shown.picture, asker.language, evidence).await?) };
    let morning = shown.morning(form, decide).await?;
    Ok(fresh(StatusCode::OK, told(&door, &asker, morning, rule).await?))
}

async fn told(door: &Door, asker: &Asker, morning: today::Morning, rule: Option<Rule>) -> Result<Morning, Fault> {
    let (mut morning, done) = without_done(door.store(), &asker.tenant, morning).await?;
    if let Some(rule) = rule {
        morning.actions.retain(|action| action.rule == rule);
        morning.went_well.clear();
        morning.held_back = 0;
    }
    let action = |action: &today::Action| Action::of(action, asker.caller.may(Permission::ReadPersonalData));
    Ok(Morning {
        as_of: morning.as_of,
        day: asker.tenant.calendar.day(morning.as_of),
        actions: morning.actions.iter().map(action).collect(),
        done: done.iter().map(|(one, _)| action(one)).collect(),
        held_back: morning.held_back as u64,
        went_well: morning.went_well,
    })
}

fn rule_of(key: &str) -> Result<Rule, Fault> {
    Rule::parse(key).ok_or_else(|| Fault::new(Code::NotFound))
}

/// Says that an action is done: it is not said again today.
#[utoipa::path(post, path = "/today/{key}/done", tag = "today", params(("key" = String, Path)),
    extensions(("x-permission" = json!("contacts.decide"))),
    responses((status = 200, body = Done), (status = "default", body = Problem)))]
async fn done(State(door): State<Door>, asker: Asker, Path(key): Path<String>) -> Result<Response, Fault> {
    let (rule, now) = (rule_of(&key)?, door.now());
    let day = asker.tenant.calendar.day(now);
    mark_done(door.store(), &asker.tenant, day, rule, &asker.caller.who.to_string(), now).await?;
    Ok(fresh(StatusCode::OK, Done { key, done_at: now }))
}

/// Takes that back.
#[utoipa::path(delete, path = "/today/{key}/done", tag = "today", params(("key" = String, Path)),
    extensions(("x-permission" = json!("contacts.decide"))),
    responses((status = 204), (status = "default", body = Problem)))]
async fn undone(State(door): State<Door>, asker: Asker, Path(key): Path<String>) -> Result<StatusCode, Fault> {
    let day = asker.tenant.calendar.day(door.now());
    match unmark_done(door.store(), &asker.tenant, day, rule_of(&key)?).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Fault::new(Code::NotFound)),
    }
}

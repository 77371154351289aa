//! Campaigns: planned in stages and steps, shown in placements, and never started without a definition of success.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kith_core::{Day, Instant, Medium, Slug, parse_money};
use kith_desk::plan::{self, CampaignState};
use kith_desk::today::progress;
use kith_desk::trust::AuditAction;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, Query, slug, text};
use crate::http::figure::Money;
use crate::http::page::{Page, PageAsk};
use crate::http::problem::{Code, Fault, Problem};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(show, change))
        .routes(routes!(start))
        .routes(routes!(step_done))
        .routes(routes!(place))
}

/// A campaign in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignItem {
    id: String,
    name: String,
    #[schema(value_type = String, format = Date)]
    from: Day,
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// planned, held (its day has come and it has no definition of success), running or ended.
    state: String,
    has_success: bool,
    placements: u64,
    steps: u64,
    steps_done: u64,
    next_step: Option<Step>,
}

/// A campaign with all that is planned, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Campaign {
    id: String,
    name: String,
    #[schema(value_type = String, format = Date)]
    from: Day,
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// planned, held (its day has come and it has no definition of success), running or ended.
    state: String,
    has_success: bool,
    steps: u64,
    steps_done: u64,
    next_step: Option<Step>,
    success: Option<Success>,
    stages: Vec<Stage>,
    placements: Vec<Placement>,
    /// Null where nobody has defined success, or only people can count it.
    progress: Option<Progress>,
}

/// What shall have happened by when, counted how.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Success {
    /// orders, leads, visits, revenue, or a word of one's own that only people can count.
    measure: String,
    baseline: f64,
    target: f64,
    #[schema(value_type = String, format = Date)]
    by: Day,
    method: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Stage {
    name: String,
    steps: Vec<Step>,
}

/// One thing to do, by somebody, on a day.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Step {
    what: String,
    owner: String,
    #[schema(value_type = String, format = Date)]
    on: Day,
    #[serde(default)]
    done: bool,
}

/// How far a campaign is on the way to its target.
#[derive(Debug, Serialize, ToSchema)]
pub struct Progress {
    measure: String,
    target: f64,
    reached: f64,
    /// What should have been reached by now if it grew evenly.
    due: f64,
    #[schema(value_type = String, format = Date)]
    by: Day,
    behind: bool,
}

/// Where a campaign shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Placement {
    id: String,
    campaign: String,
    medium: String,
    content: String,
    form: String,
    place: String,
    #[schema(value_type = String, format = Date)]
    from: Day,
    #[schema(value_type = String, format = Date)]
    until: Day,
    cost: Option<Money>,
    /// The code that its tracked link or QR code carries.
    link: String,
}

#[derive(Deserialize, ToSchema)]
pub struct CampaignBody {
    name: String,
    #[schema(value_type = String, format = Date)]
    from: Day,
    #[schema(value_type = String, format = Date)]
    until: Day,
    success: Option<Success>,
    #[serde(default)]
    stages: Vec<Stage>,
}

#[derive(Deserialize, ToSchema)]
pub struct NewCampaignBody {
    /// A short name, such as spring-tea.
    id: String,
    #[serde(flatten)]
    campaign: CampaignBody,
}

#[derive(Deserialize, ToSchema)]
pub struct StepDoneBody {
    done: bool,
}

#[derive(Deserialize, ToSchema)]
pub struct PlacementBody {
    campaign: String,
    medium: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    form: String,
    #[serde(default)]
    place: String,
    #[schema(value_type = String, format = Date)]
    from: Day,
    #[schema(value_type = String, format = Date)]
    until: Day,
    /// As people write it: ¥1,200.
    cost: Option<String>,
    /// The code of its tracked link; its own short name if nothing is said.
    link: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CampaignAsk {
    /// planned, held, running or ended.
    state: Option<String>,
}

const MOST_STEPS: usize = 1_000;

impl CampaignBody {
    fn parse(&self, id: Slug) -> Result<kith_core::Campaign, Fault> {
        if self.stages.iter().map(|stage| stage.steps.len() + 1).sum::<usize>() > MOST_STEPS {
            return Err(Fault::new(Code::Invalid).field("stages").detail(format!("at most {MOST_STEPS} stages and steps")));
        }
        let success = self.success.as_ref().map(|success| {
            Ok::<_, Fault>(kith_core::SuccessDefinition {
                measure: kith_core::clean(&success.measure, 100).map_err(|error| Fault::invalid("success.measure", &error))?,
                baseline: success.baseline,
                target: success.target,
                by: success.by,
                method: kith_core::clean(&success.method, 2_000).map_err(|error| Fault::invalid("success.method", &error))?,
            })
        });
        let step = |step: &Step| {
            let owner = kith_core::clean(&step.owner, 100).map_err(|error| Fault::invalid("stages.steps.owner", &error))?;
            let what = text("stages.steps.what", &step.what, 500)?;
            Ok::<_, Fault>(kith_core::Step { what, owner, on: step.on, done: step.done })
        };
        let stage = |stage: &Stage| {
            let steps = stage.steps.iter().map(step).collect::<Result<_, _>>()?;
            Ok::<_, Fault>(kith_core::Stage { name: text("stages.name", &stage.name, 200)?, steps })
        };
        Ok(kith_core::Campaign {
            id,
            name: text("name", &self.name, 200)?,
            from: self.from,
            until: self.until,
            success: success.transpose()?,
            stages: self.stages.iter().map(stage).collect::<Result<_, _>>()?,
        })
    }
}

fn step_of(step: &kith_core::Step) -> Step {
    Step { what: step.what.clone(), owner: step.owner.clone(), on: step.on, done: step.done }
}

fn item(campaign: &kith_core::Campaign, placements: &[kith_core::Placement], today: Day) -> CampaignItem {
    let steps = || campaign.stages.iter().flat_map(|stage| &stage.steps);
    CampaignItem {
        id: campaign.id.to_string(),
        name: campaign.name.clone(),
        from: campaign.from,
        until: campaign.until,
        state: CampaignState::of(campaign, today).as_str().to_owned(),
        has_success: campaign.success.is_some(),
        placements: placements.iter().filter(|placement| placement.campaign == campaign.id).count() as u64,
        steps: steps().count() as u64,
        steps_done: steps().filter(|step| step.done).count() as u64,
        next_step: steps().filter(|step| !step.done).min_by_key(|step| step.on).map(step_of),
    }
}

impl From<&kith_core::Placement> for Placement {
    fn from(placement: &kith_core::Placement) -> Self {
        Self {
            id: placement.id.to_string(),
            campaign: placement.campaign.to_string(),
            medium: placement.medium.to_string(),
            content: placement.content.clone(),
            form: placement.form.clone(),
            place: placement.place.clone(),
            from: placement.from,
            until: placement.until,
            cost: placement.cost.map(Into::into),
            link: placement.link.clone(),
        }
    }
}

fn today(door: &Door, asker: &Asker) -> Day {
    let now: Instant = door.now();
    asker.tenant.calendar.day(now)
}

/// The campaign as it is shown, with its progress as the picture has it.
async fn told(door: &Door, asker: &Asker, campaign: &kith_core::Campaign) -> Result<Campaign, Fault> {
    let placements = door.store().journal.placements(&asker.tenant.id).await?;
    let shown = door.picture(&asker.tenant).await?;
    let progress = progress(&shown.picture.session, campaign).await?;
    let item = item(campaign, &placements, today(door, asker));
    Ok(Campaign {
        id: item.id,
        name: item.name,
        from: item.from,
        until: item.until,
        state: item.state,
        has_success: item.has_success,
        steps: item.steps,
        steps_done: item.steps_done,
        next_step: item.next_step,
        success: campaign.success.as_ref().map(|success| Success {
            measure: success.measure.clone(),
            baseline: success.baseline,
            target: success.target,
            by: success.by,
            method: success.method.clone(),
        }),
        stages: campaign
            .stages
            .iter()
            .map(|stage| Stage { name: stage.name.clone(), steps: stage.steps.iter().map(step_of).collect() })
            .collect(),
        placements: placements.iter().filter(|placement| placement.campaign == campaign.id).map(Placement::from).collect(),
        progress: progress.map(|progress| Progress {
            behind: progress.is_behind(),
            measure: progress.measure,
            target: progress.target,
            reached: progress.reached,
            due: progress.due,
            by: progress.by,
        }),
    })
}

async fn noted(door: &Door, asker: &Asker, on: String, act: &str) -> Result<(), Fault> {
    let details = serde_json::json!({ "act": act });
    let action = if act == "started" { AuditAction::CampaignStarted } else { AuditAction::CampaignChanged };
    Ok(door.trust().note(&asker.caller, action, &on, &details, door.now()).await?)
}

/// The campaigns, by their first day.
#[utoipa::path(get, path = "/campaigns", tag = "campaigns", params(CampaignAsk, PageAsk),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Page<CampaignItem>), (status = "default", body = Problem)))]
async fn list(
    State(door): State<Door>,
    asker: Asker,
    Query(ask): Query<CampaignAsk>,
    Query(page): Query<PageAsk>,
) -> Result<Response, Fault> {
    let (tenant, today) = (&asker.tenant.id, today(&door, &asker));
    let placements = door.store().journal.placements(tenant).await?;
    let campaigns = door.store().journal.campaigns(tenant).await?;
    let items = campaigns.iter().map(|campaign| item(campaign, &placements, today));
    let state = ask.state.as_deref().filter(|state| !state.is_empty());
    let items = items.filter(|item| state.is_none_or(|state| item.state == state)).collect();
    Ok(fresh(StatusCode::OK, page.cut("campaigns", tenant, items)?))
}

/// Plans a campaign.
#[utoipa::path(post, path = "/campaigns", tag = "campaigns", extensions(("x-permission" = json!("plan.write"))),
    request_body = NewCampaignBody, responses((status = 201, body = Campaign), (status = "default", body = Problem)))]
async fn add(State(door): State<Door>, asker: Asker, Body(body): Body<NewCampaignBody>) -> Result<Response, Fault> {
    let id = Slug::parse(&body.id).map_err(|error| Fault::invalid("id", &error))?;
    let campaign = body.campaign.parse(id)?;
    plan::add_campaign(door.store(), &asker.tenant, &campaign, today(&door, &asker)).await?;
    noted(&door, &asker, format!("campaign/{}", campaign.id), "planned").await?;
    door.changed(&asker.tenant.id);
    Ok(fresh(StatusCode::CREATED, told(&door, &asker, &campaign).await?))
}

/// A campaign.
#[utoipa::path(get, path = "/campaigns/{campaign}", tag = "campaigns", params(("campaign" = String, Path)),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Campaign), (status = "default", body = Problem)))]
async fn show(State(door): State<Door>, asker: Asker, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Fault> {
    door.with_picture(&asker, &headers, &format!("campaign|{id}"), |_| {
        let (door, asker, id) = (&door, &asker, &id);
        async move {
            let campaign = plan::find_campaign(door.store(), &asker.tenant, &slug(id)?).await?;
            told(door, asker, &campaign).await
        }
    })
    .await
}

/// Changes all of a campaign but its short name.
#[utoipa::path(put, path = "/campaigns/{campaign}", tag = "campaigns", params(("campaign" = String, Path)),
    extensions(("x-permission" = json!("plan.write"))), request_body = CampaignBody,
    responses((status = 200, body = Campaign), (status = "default", body = Problem)))]
async fn change(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    Body(body): Body<CampaignBody>,
) -> Result<Response, Fault> {
    let campaign = body.parse(slug(&id)?)?;
    plan::change_campaign(door.store(), &asker.tenant, &campaign, today(&door, &asker)).await?;
    noted(&door, &asker, format!("campaign/{id}"), "changed").await?;
    door.changed(&asker.tenant.id);
    Ok(fresh(StatusCode::OK, told(&door, &asker, &campaign).await?))
}

/// Starts a campaign today; refused without a definition of success.
#[utoipa::path(post, path = "/campaigns/{campaign}/start", tag = "campaigns", params(("campaign" = String, Path)),
    extensions(("x-permission" = json!("plan.write"))),
    responses((status = 200, body = Campaign), (status = "default", body = Problem)))]
async fn start(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<Response, Fault> {
    let campaign = plan::start_campaign(door.store(), &asker.tenant, &slug(&id)?, today(&door, &asker)).await?;
    noted(&door, &asker, format!("campaign/{id}"), "started").await?;
    door.changed(&asker.tenant.id);
    Ok(fresh(StatusCode::OK, told(&door, &asker, &campaign).await?))
}

/// Says of a step whether it is done; stages and steps are counted from 0.
#[utoipa::path(put, path = "/campaigns/{campaign}/stages/{stage}/steps/{step}/done", tag = "campaigns",
    params(("campaign" = String, Path), ("stage" = u32, Path), ("step" = u32, Path)),
    extensions(("x-permission" = json!("plan.write"))), request_body = StepDoneBody,
    responses((status = 200, body = Campaign), (status = "default", body = Problem)))]
async fn step_done(
    State(door): State<Door>,
    asker: Asker,
    Path((id, stage, step)): Path<(String, String, String)>,
    Body(body): Body<StepDoneBody>,
) -> Result<Response, Fault> {
    let at = |text: &str| text.parse::<usize>().map_err(|_| Fault::new(Code::NotFound));
    let place = (at(&stage)?, at(&step)?);
    let campaign = plan::set_step_done(door.store(), &asker.tenant, &slug(&id)?, place, body.done).await?;
    door.changed(&asker.tenant.id);
    Ok(fresh(StatusCode::OK, told(&door, &asker, &campaign).await?))
}

/// Adds or changes a placement.
#[utoipa::path(put, path = "/placements/{placement}", tag = "campaigns", params(("placement" = String, Path)),
    extensions(("x-permission" = json!("plan.write"))), request_body = PlacementBody,
    responses((status = 200, body = Placement), (status = "default", body = Problem)))]
async fn place(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    Body(body): Body<PlacementBody>,
) -> Result<Response, Fault> {
    let id = Slug::parse(&id).map_err(|error| Fault::invalid("id", &error))?;
    let words = |field: &str, text: &str| kith_core::clean(text, 1_000).map_err(|error| Fault::invalid(field, &error));
    let cost = body.cost.as_deref().map(str::trim).filter(|cost| !cost.is_empty());
    let cost = cost.map(|cost| parse_money(cost, asker.tenant.currency)).transpose();
    let link = body.link.as_deref().map(str::trim).filter(|link| !link.is_empty());
    let placement = kith_core::Placement {
        campaign: Slug::parse(&body.campaign).map_err(|error| Fault::invalid("campaign", &error))?,
        medium: Medium::parse(&body.medium).map_err(|error| Fault::invalid("medium", &error))?,
        content: words("content", &body.content)?,
        form: words("form", &body.form)?,
        place: words("place", &body.place)?,
        from: body.from,
        until: body.until,
        cost: cost.map_err(|error| Fault::invalid("cost", &error))?,
        link: words("link", link.unwrap_or(id.as_str()))?,
        id,
    };
    plan::put_placement(door.store(), &asker.tenant, &placement).await?;
    noted(&door, &asker, format!("placement/{}", placement.id), "placed").await?;
    Ok(fresh(StatusCode::OK, Placement::from(&placement)))
}

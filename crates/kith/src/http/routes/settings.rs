//! Tokens for programs, the record of who did what, saved views, and the health of the store.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kith_core::Instant;
use kith_desk::doctor::examine;
use kith_desk::trust::{self, AuditAction, AuditAsk, NewToken, NewView, Permission, Permissions};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, Query, text};
use crate::http::page::{Page, PageAsk, cursor};
use crate::http::problem::{Code, Fault, Problem};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(tokens, make_token))
        .routes(routes!(revoke_token))
        .routes(routes!(audit))
        .routes(routes!(views, save_view))
        .routes(routes!(change_view, delete_view))
        .routes(routes!(doctor))
}

/// A token by which a program calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    id: String,
    name: String,
    /// What it may do, as far as whoever made it may.
    scopes: Vec<String>,
    made_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Instant>,
}

impl From<trust::ApiToken> for Token {
    fn from(token: trust::ApiToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scopes: token.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            made_by: token.made_by.0.to_string(),
            created_at: token.created_at,
            ends_at: token.ends_at,
            last_used_at: token.last_used_at,
            revoked_at: token.revoked_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NewTokenSecret {
    token: Token,
    /// Shown once: goes into `Authorization: Bearer`.
    secret: String,
}

#[derive(Deserialize, ToSchema)]
pub struct TokenBody {
    name: String,
    /// Permissions, such as touches.write.
    scopes: Vec<String>,
    /// It ends by itself after so many days; never if nothing is said.
    #[schema(minimum = 1, maximum = 3650)]
    ends_in_days: Option<u32>,
}

/// Tokens of the business.
#[utoipa::path(get, path = "/tokens", tag = "settings", extensions(("x-permission" = json!("tokens.manage"))),
    responses((status = 200, body = Page<Token>), (status = "default", body = Problem)))]
async fn tokens(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let tokens = door.trust().tokens(&asker.caller).await?;
    Ok(fresh(StatusCode::OK, Page::whole(tokens.into_iter().map(Token::from).collect())))
}

/// Makes a token. Shown once, so it takes no Idempotency-Key.
#[utoipa::path(post, path = "/tokens", tag = "settings",
    extensions(("x-permission" = json!("tokens.manage")), ("x-idempotency" = json!(false))), request_body = TokenBody,
    responses((status = 201, body = NewTokenSecret), (status = "default", body = Problem)))]
async fn make_token(State(door): State<Door>, asker: Asker, Body(body): Body<TokenBody>) -> Result<Response, Fault> {
    let scope = |name: &String| {
        Permission::parse(name)
            .ok_or_else(|| Fault::new(Code::Invalid).field("scopes").detail(format!("`{name}` is no permission")))
    };
    let scopes: Permissions = body.scopes.iter().map(scope).collect::<Result<_, _>>()?;
    let ends_at = match body.ends_in_days {
        None => None,
        Some(days @ 1..=3_650) => Some(door.now().plus_seconds(i64::from(days) * 86_400)),
        Some(_) => return Err(Fault::new(Code::Invalid).field("ends_in_days").detail("1 to 3650 days")),
    };
    let new = NewToken { name: text("name", &body.name, 100)?, scopes, ends_at };
    let (token, secret) = door.trust().make_token(&asker.caller, &new, door.now()).await?;
    Ok(fresh(StatusCode::CREATED, NewTokenSecret { token: token.into(), secret: secret.show().to_owned() }))
}

/// Ends a token.
#[utoipa::path(delete, path = "/tokens/{token}", tag = "settings", params(("token" = String, Path)),
    extensions(("x-permission" = json!("tokens.manage"))), responses((status = 204), (status = "default", body = Problem)))]
async fn revoke_token(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<StatusCode, Fault> {
    door.trust().revoke_token(&asker.caller, &id, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One line of the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    number: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    who: String,
    who_name: Option<String>,
    action: String,
    on: String,
    #[schema(value_type = Object)]
    details: serde_json::Value,
    address: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only acts of this kind, such as import.undone.
    action: Option<String>,
}

/// Who did what, the newest first.
#[utoipa::path(get, path = "/audit", tag = "settings", params(AuditQuery, PageAsk),
    extensions(("x-permission" = json!("audit.read"))),
    responses((status = 200, body = Page<AuditEntry>), (status = "default", body = Problem)))]
async fn audit(
    State(door): State<Door>,
    asker: Asker,
    Query(ask): Query<AuditQuery>,
    Query(page): Query<PageAsk>,
) -> Result<Response, Fault> {
    let action = match ask.action.as_deref().filter(|action| !action.is_empty()) {
        None => None,
        Some(name) => Some(
            AuditAction::parse(name)
                .ok_or_else(|| Fault::new(Code::BadQuery).field("action").detail(format!("`{name}` is no action")))?,
        ),
    };
    let before = page.number("audit", &asker.tenant.id)?;
    let limit = u32::try_from(page.limit()?).unwrap_or(50);
    let log = door.trust().audit_log(&asker.caller, &AuditAsk { before, limit, action, who: None }).await?;
    let items = log.entries.into_iter().map(|entry| AuditEntry {
        number: entry.number,
        at: entry.at,
        who: entry.who,
        who_name: entry.who_name,
        action: entry.action.as_str().to_owned(),
        on: entry.on,
        details: entry.details,
        address: entry.address,
    });
    let next = log.next.map(|next| cursor("audit", &asker.tenant.id, &next.to_string()));
    Ok(fresh(StatusCode::OK, Page { items: items.collect(), next }))
}

/// A page with its filters, kept under a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct View {
    id: String,
    name: String,
    #[schema(example = "/contacts?stage=lapsed")]
    path: String,
    shared: bool,
    mine: bool,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Instant,
}

#[derive(Deserialize, ToSchema)]
pub struct ViewBody {
    name: String,
    path: String,
    #[serde(default)]
    shared: bool,
}

fn view_of(view: trust::SavedView, asker: &Asker) -> View {
    let mine = asker.caller.user() == Some(view.owner);
    let (id, name, path) = (view.id, view.name, format!("/{}{}", view.page, view.search));
    View { id, name, path, shared: view.shared, mine, changed_at: view.changed_at }
}

impl ViewBody {
    fn parse(&self) -> Result<NewView, Fault> {
        let path = text("path", &self.path, 2_000)?;
        // A view leads to a page of this Kith and nowhere else.
        if !path.starts_with('/') || path.starts_with("//") || path.contains('\\') {
            return Err(Fault::new(Code::Invalid).field("path").detail("a path such as /contacts?stage=lapsed"));
        }
        let at = path.find('?').unwrap_or(path.len());
        let (page, search) = (path[1..at].to_owned(), path[at..].to_owned());
        Ok(NewView { name: text("name", &self.name, 100)?, page, search, shared: self.shared })
    }
}

/// One's own views and those that others share.
#[utoipa::path(get, path = "/views", tag = "settings", extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Page<View>), (status = "default", body = Problem)))]
async fn views(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let views = door.trust().views(&asker.caller, None).await?;
    Ok(fresh(StatusCode::OK, Page::whole(views.into_iter().map(|view| view_of(view, &asker)).collect())))
}

/// Keeps a view; sharing one needs views.share.
#[utoipa::path(post, path = "/views", tag = "settings", extensions(("x-permission" = json!("figures.read"))),
    request_body = ViewBody, responses((status = 201, body = View), (status = "default", body = Problem)))]
async fn save_view(State(door): State<Door>, asker: Asker, Body(body): Body<ViewBody>) -> Result<Response, Fault> {
    let view = door.trust().save_view(&asker.caller, None, &body.parse()?, door.now()).await?;
    Ok(fresh(StatusCode::CREATED, view_of(view, &asker)))
}

/// Changes a view.
#[utoipa::path(put, path = "/views/{view}", tag = "settings", params(("view" = String, Path)),
    extensions(("x-permission" = json!("figures.read"))), request_body = ViewBody,
    responses((status = 200, body = View), (status = "default", body = Problem)))]
async fn change_view(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    Body(body): Body<ViewBody>,
) -> Result<Response, Fault> {
    let view = door.trust().save_view(&asker.caller, Some(&id), &body.parse()?, door.now()).await?;
    Ok(fresh(StatusCode::OK, view_of(view, &asker)))
}

/// Deletes a view and gives it back, so that it can be saved again.
#[utoipa::path(delete, path = "/views/{view}", tag = "settings", params(("view" = String, Path)),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = View), (status = "default", body = Problem)))]
async fn delete_view(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<Response, Fault> {
    let view = door.trust().delete_view(&asker.caller, &id, door.now()).await?;
    Ok(fresh(StatusCode::OK, view_of(view, &asker)))
}

/// What the doctor says of the store.
#[derive(Debug, Serialize, ToSchema)]
pub struct Examination {
    findings: Vec<Finding>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    sound: bool,
    what: String,
    /// Empty where all is well.
    advice: String,
}

/// Is the store sound, and what to do if not.
#[utoipa::path(get, path = "/doctor", tag = "settings", extensions(("x-permission" = json!("store.manage"))),
    responses((status = 200, body = Examination), (status = "default", body = Problem)))]
async fn doctor(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let findings = examine(door.store(), Some(&asker.tenant), false).await?;
    let findings = findings.into_iter().map(|found| Finding { sound: found.sound, what: found.what, advice: found.advice });
    Ok(fresh(StatusCode::OK, Examination { findings: findings.collect() }))
}

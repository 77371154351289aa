//! Who works here: users with their roles, and invitations by link.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kith_core::{Instant, Language};
use kith_desk::trust::{self, NewInvitation, NewUser, Role, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::{Asker, Guest, Holder};
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, number, text};
use crate::http::page::Page;
use crate::http::problem::{Code, Fault, Problem};
use crate::http::routes::session::{Session, SignIn, let_in, signed_in};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(users))
        .routes(routes!(change, remove))
        .routes(routes!(reset_link))
        .routes(routes!(remove_second_factor))
        .routes(routes!(invitations, invite))
        .routes(routes!(look, accept, withdraw))
        .routes(routes!(join))
}

/// Somebody who works for the business.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    id: String,
    login: String,
    name: String,
    role: String,
    #[schema(value_type = String, format = DateTime)]
    since: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<Instant>,
    totp: bool,
    disabled: bool,
    must_change_password: bool,
}

impl From<trust::Member> for Member {
    fn from(member: trust::Member) -> Self {
        Self {
            id: member.user.id.0.to_string(),
            login: member.user.login.as_str().to_owned(),
            name: member.user.name,
            role: member.role.as_str().to_owned(),
            since: member.since,
            last_seen_at: member.last_seen_at,
            totp: member.totp,
            disabled: member.user.disabled,
            must_change_password: member.user.must_change_password,
        }
    }
}

#[derive(Deserialize, ToSchema)]
pub struct MemberBody {
    /// owner, manager, editor, agent or analyst.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    disabled: Option<bool>,
}

/// A link that is shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    /// Without the address of this Kith, which the page knows.
    link: String,
}

/// An invitation that nobody has taken yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    id: String,
    role: String,
    note: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Instant,
}

impl From<trust::Invitation> for Invitation {
    fn from(invitation: trust::Invitation) -> Self {
        Self {
            id: invitation.id,
            role: invitation.role.as_str().to_owned(),
            note: invitation.name,
            created_at: invitation.created_at,
            ends_at: invitation.ends_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NewInvitationLink {
    invitation: Invitation,
    /// Shown once, without the address of this Kith, which the page knows.
    link: String,
}

#[derive(Deserialize, ToSchema)]
pub struct InvitationBody {
    #[schema(value_type = String, example = "editor")]
    role: Role,
    /// For whom it is.
    #[serde(default)]
    note: String,
}

/// What somebody who has the link is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationView {
    tenant_name: String,
    role: String,
    note: String,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Instant,
}

#[derive(Deserialize, ToSchema)]
pub struct AcceptBody {
    login: String,
    name: String,
    password: String,
    #[schema(value_type = String, example = "zh")]
    language: Language,
}

fn user(of: &str) -> Result<UserId, Fault> {
    Ok(UserId(number(of)?))
}

/// Everybody who works for the business.
#[utoipa::path(get, path = "/users", tag = "people", extensions(("x-permission" = json!("users.manage"))),
    responses((status = 200, body = Page<Member>), (status = "default", body = Problem)))]
async fn users(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let members = door.trust().members(&asker.caller).await?;
    Ok(fresh(StatusCode::OK, Page::whole(members.into_iter().map(Member::from).collect())))
}

async fn member(door: &Door, asker: &Asker, id: UserId) -> Result<Member, Fault> {
    let members = door.trust().members(&asker.caller).await?;
    members.into_iter().find(|member| member.user.id == id).map(Member::from).ok_or_else(|| Fault::new(Code::NotFound))
}

/// Changes somebody's role, or shuts them out and lets them in again.
#[utoipa::path(put, path = "/users/{user}", tag = "people", params(("user" = String, Path)),
    extensions(("x-permission" = json!("users.manage"))), request_body = MemberBody,
    responses((status = 200, body = Member), (status = "default", body = Problem)))]
async fn change(
    State(door): State<Door>,
    asker: Asker,
    Path(of): Path<String>,
    Body(body): Body<MemberBody>,
) -> Result<Response, Fault> {
    let id = user(&of)?;
    // Somebody of another business is not there at all.
    member(&door, &asker, id).await?;
    if let Some(role) = body.role {
        door.trust().set_role(&asker.caller, id, role, door.now()).await?;
    }
    if let Some(disabled) = body.disabled {
        door.trust().set_disabled(&asker.caller, id, disabled, door.now()).await?;
    }
    Ok(fresh(StatusCode::OK, member(&door, &asker, id).await?))
}

/// Takes somebody out of the business.
#[utoipa::path(delete, path = "/users/{user}", tag = "people", params(("user" = String, Path)),
    extensions(("x-permission" = json!("users.manage"))), responses((status = 204), (status = "default", body = Problem)))]
async fn remove(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<StatusCode, Fault> {
    let id = user(&of)?;
    member(&door, &asker, id).await?;
    door.trust().remove_member(&asker.caller, id, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a link by which somebody chooses a new password. Shown once, so it takes no Idempotency-Key.
#[utoipa::path(post, path = "/users/{user}/reset-link", tag = "people", params(("user" = String, Path)),
    extensions(("x-permission" = json!("users.manage")), ("x-idempotency" = json!(false))),
    responses((status = 200, body = Link), (status = "default", body = Problem)))]
async fn reset_link(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<Response, Fault> {
    let id = user(&of)?;
    member(&door, &asker, id).await?;
    let token = door.trust().make_reset_link(&asker.caller, id, door.now()).await?;
    Ok(fresh(StatusCode::OK, Link { link: format!("/reset/{}", token.show()) }))
}

/// Takes the second factor from somebody who has lost it.
#[utoipa::path(post, path = "/users/{user}/remove-second-factor", tag = "people", params(("user" = String, Path)),
    extensions(("x-permission" = json!("users.manage"))), responses((status = 204), (status = "default", body = Problem)))]
async fn remove_second_factor(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<StatusCode, Fault> {
    let id = user(&of)?;
    member(&door, &asker, id).await?;
    door.trust().remove_second_factor(&asker.caller, id, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Invitations that nobody has taken yet.
#[utoipa::path(get, path = "/invitations", tag = "people", extensions(("x-permission" = json!("users.manage"))),
    responses((status = 200, body = Page<Invitation>), (status = "default", body = Problem)))]
async fn invitations(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let open = door.trust().invitations(&asker.caller, door.now()).await?;
    Ok(fresh(StatusCode::OK, Page::whole(open.into_iter().map(Invitation::from).collect())))
}

/// Invites somebody by a link. Shown once, so it takes no Idempotency-Key.
#[utoipa::path(post, path = "/invitations", tag = "people",
    extensions(("x-permission" = json!("users.manage")), ("x-idempotency" = json!(false))), request_body = InvitationBody,
    responses((status = 201, body = NewInvitationLink), (status = "default", body = Problem)))]
async fn invite(State(door): State<Door>, asker: Asker, Body(body): Body<InvitationBody>) -> Result<Response, Fault> {
    let note = kith_core::clean(&body.note, 200).map_err(|error| Fault::invalid("note", &error))?;
    let new = NewInvitation { name: note, role: body.role };
    let (invitation, token) = door.trust().invite(&asker.caller, &new, door.now()).await?;
    let link = format!("/invitation/{}", token.show());
    Ok(fresh(StatusCode::CREATED, NewInvitationLink { invitation: invitation.into(), link }))
}

/// To what a link invites. The path carries the link's token.
#[utoipa::path(get, path = "/invitations/{invitation}", tag = "people", params(("invitation" = String, Path)),
    extensions(("x-permission" = json!("nobody"))),
    responses((status = 200, body = InvitationView), (status = "default", body = Problem)))]
async fn look(State(door): State<Door>, Path(token): Path<String>) -> Result<Response, Fault> {
    let view = door.trust().look_at_invitation(&token, door.now()).await?;
    let (tenant_name, role, note, ends_at) = (view.tenant_name, view.role.as_str().to_owned(), view.name, view.ends_at);
    Ok(fresh(StatusCode::OK, InvitationView { tenant_name, role, note, ends_at }))
}

/// Takes an invitation, as somebody new; signed in at once. The path carries the link's token.
#[utoipa::path(post, path = "/invitations/{invitation}", tag = "people", params(("invitation" = String, Path)),
    extensions(("x-permission" = json!("nobody"))), request_body = AcceptBody,
    responses((status = 200, body = SignIn), (status = "default", body = Problem)))]
async fn accept(
    State(door): State<Door>,
    guest: Guest,
    Path(token): Path<String>,
    Body(body): Body<AcceptBody>,
) -> Result<Response, Fault> {
    let name = text("name", &body.name, 100)?;
    let new = NewUser { login: &body.login, name: &name, language: body.language, password: &body.password };
    let done = door.trust().accept_invitation(&token, &new, &guest.origin, door.now()).await?;
    let (headers, session) = let_in(&door, &guest, done).await?;
    Ok(signed_in(headers, session))
}

/// Takes an invitation back. The path carries its id.
#[utoipa::path(delete, path = "/invitations/{invitation}", tag = "people", params(("invitation" = String, Path)),
    extensions(("x-permission" = json!("users.manage"))), responses((status = 204), (status = "default", body = Problem)))]
async fn withdraw(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<StatusCode, Fault> {
    door.trust().withdraw_invitation(&asker.caller, &id, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an invitation, as somebody who is signed in already. The path carries the link's token.
#[utoipa::path(post, path = "/invitations/{invitation}/join", tag = "people", params(("invitation" = String, Path)),
    extensions(("x-permission" = json!("session"))),
    responses((status = 200, body = Session), (status = "default", body = Problem)))]
async fn join(
    State(door): State<Door>,
    holder: Holder,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Fault> {
    let joined = door.trust().join_by_invitation(&holder.session, &token, &holder.origin, door.now()).await?;
    door.trust().use_tenant(&holder.session, &joined.tenant).await?;
    crate::http::routes::session::read_again(&door, &holder, &headers).await
}

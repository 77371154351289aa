//! Signing in and out, and what somebody does about their own sign-in. None of it is kept by an Idempotency-Key: its answers are secrets.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kith_core::{Instant, Language, Slug};
use kith_desk::SAMPLE_TENANT;
use kith_desk::trust::{self, Credentials, SecondWay, SignedIn, TrustError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::{DEVICE_COOKIE, Guest, Holder, SESSION_COOKIE};
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, text};
use crate::http::page::Page;
use crate::http::problem::{Code, Fault, Problem};
use crate::http::routes::tenant::Tenant;

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(me, sign_in, sign_out))
        .routes(routes!(second_step))
        .routes(routes!(change_password))
        .routes(routes!(change_profile))
        .routes(routes!(choose_tenant))
        .routes(routes!(list, end_others))
        .routes(routes!(end_one))
        .routes(routes!(second_factor))
        .routes(routes!(begin_totp))
        .routes(routes!(confirm_totp))
        .routes(routes!(remove_totp))
        .routes(routes!(renew_recovery_codes))
        .routes(routes!(look_at_reset_link, reset_password))
}

/// Who is signed in, where, and what they may do there.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    pub user: Myself,
    /// Of the business that is open; null while none is.
    pub role: Option<String>,
    pub permissions: Vec<String>,
    pub tenant: Option<Tenant>,
    /// Every business that this person works for.
    pub tenants: Vec<Membership>,
    /// Goes with every request that changes something, as `X-Kith-CSRF`.
    pub csrf: String,
    pub second_factor: bool,
    pub must_change_password: bool,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Instant,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Myself {
    pub id: String,
    pub login: String,
    pub name: String,
    /// zh or en.
    #[schema(example = "zh")]
    pub language: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Membership {
    pub id: String,
    pub name: String,
    pub role: String,
    /// Is it the sample shop?
    pub sample: bool,
}

/// How a step of signing in ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignIn {
    /// signed-in, or second-factor where a code is asked for now.
    #[schema(example = "signed-in")]
    pub state: String,
    pub session: Option<Session>,
    /// Goes with the code.
    pub ticket: Option<String>,
    /// totp, recovery-code.
    pub ways: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct SignInBody {
    #[schema(max_length = 320)]
    login: String,
    #[schema(max_length = 1024)]
    password: String,
}

#[derive(Deserialize, ToSchema)]
pub struct SecondStepBody {
    ticket: String,
    /// Of the authenticator, or a recovery code.
    code: String,
}

#[derive(Deserialize, ToSchema)]
pub struct PasswordBody {
    old: String,
    new: String,
}

#[derive(Deserialize, ToSchema)]
pub struct ProfileBody {
    name: String,
    #[schema(value_type = String, example = "zh")]
    language: Language,
}

#[derive(Deserialize, ToSchema)]
pub struct ChooseTenantBody {
    tenant: String,
}

/// What the session says of itself; of a business only where one is open.
pub async fn session_of(door: &Door, holder: &Holder) -> Result<Session, Fault> {
    let session = &holder.session;
    let memberships = door.trust().memberships(session.user.id).await?;
    let caller = match door.trust().caller(session, None, &holder.origin).await {
        Ok(caller) => Some(caller),
        Err(TrustError::MustChangePassword | TrustError::NoMembership) => None,
        Err(error) => return Err(error.into()),
    };
    let tenant = match &caller {
        Some(caller) => Some(Tenant::from(&door.tenant(&caller.tenant).await?)),
        None => None,
    };
    let tenants = memberships.into_iter().map(|member| Membership {
        sample: member.tenant.as_str() == SAMPLE_TENANT,
        id: member.tenant.to_string(),
        name: member.name,
        role: member.role.as_str().to_owned(),
    });
    Ok(Session {
        user: Myself {
            id: session.user.id.0.to_string(),
            login: session.user.login.as_str().to_owned(),
            name: session.user.name.clone(),
            language: session.user.language.as_str().to_owned(),
        },
        role: caller.as_ref().and_then(|caller| caller.role).map(|role| role.as_str().to_owned()),
        permissions: caller
            .iter()
            .flat_map(|caller| caller.permissions.iter())
            .map(|permission| permission.as_str().to_owned())
            .collect(),
        tenant,
        tenants: tenants.collect(),
        csrf: session.csrf.clone(),
        second_factor: door.trust().second_factor_state(session.user.id).await?.totp,
        must_change_password: session.must_change_password(),
        expires_at: session.ends_at,
    })
}

fn set_cookie(headers: &mut HeaderMap, line: &str) {
    if let Ok(value) = HeaderValue::from_str(line) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// The answer to somebody who has just been let in: the cookies, and who they are.
pub async fn let_in(door: &Door, guest: &Guest, signed_in: SignedIn) -> Result<(HeaderMap, Session), Fault> {
    let secure = if door.config().https { "; Secure" } else { "" };
    let mut headers = HeaderMap::new();
    let age = door.trust().rules().session_days * 86_400;
    set_cookie(
        &mut headers,
        &format!("{SESSION_COOKIE}={}; HttpOnly; SameSite=Lax; Path=/; Max-Age={age}{secure}", signed_in.cookie.show()),
    );
    let year = 365 * 86_400;
    set_cookie(
        &mut headers,
        &format!(
            "{DEVICE_COOKIE}={}; HttpOnly; SameSite=Strict; Path=/api/v1/session; Max-Age={year}{secure}",
            signed_in.device.show()
        ),
    );
    let session = std::sync::Arc::new(signed_in.session);
    let holder = Holder { session, origin: std::sync::Arc::clone(&guest.origin), language: guest.language };
    Ok((headers, session_of(door, &holder).await?))
}

pub fn signed_in(headers: HeaderMap, session: Session) -> Response {
    let body = SignIn { state: "signed-in".to_owned(), session: Some(session), ticket: None, ways: Vec::new() };
    (headers, fresh(StatusCode::OK, body)).into_response()
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session", extensions(("x-permission" = json!("session"))),
    responses((status = 200, body = Session), (status = "default", body = Problem)))]
async fn me(State(door): State<Door>, holder: Holder) -> Result<Response, Fault> {
    Ok(fresh(StatusCode::OK, session_of(&door, &holder).await?))
}

/// Signs in with name and password.
#[utoipa::path(post, path = "/session", tag = "session", extensions(("x-permission" = json!("nobody"))), request_body = SignInBody,
    responses((status = 200, body = SignIn), (status = "default", body = Problem)))]
async fn sign_in(State(door): State<Door>, guest: Guest, Body(body): Body<SignInBody>) -> Result<Response, Fault> {
    let device = guest.device.as_deref();
    let credentials = Credentials { login: &body.login, password: &body.password, device };
    match door.trust().sign_in(credentials, &guest.origin, door.now()).await? {
        trust::SignIn::Done(done) => {
            let (headers, session) = let_in(&door, &guest, done).await?;
            Ok(signed_in(headers, session))
        }
        trust::SignIn::SecondFactor { ticket, ways } => {
            let way = |way: SecondWay| match way {
                SecondWay::Totp => "totp",
                SecondWay::RecoveryCode => "recovery-code",
            };
            let ways = ways.into_iter().map(|one| way(one).to_owned()).collect();
            let body = SignIn { state: "second-factor".to_owned(), session: None, ticket: Some(ticket.show().to_owned()), ways };
            Ok(fresh(StatusCode::OK, body))
        }
    }
}

/// The second step of signing in.
#[utoipa::path(post, path = "/session/second-factor", tag = "session", extensions(("x-permission" = json!("nobody"))),
    request_body = SecondStepBody, responses((status = 200, body = SignIn), (status = "default", body = Problem)))]
async fn second_step(State(door): State<Door>, guest: Guest, Body(body): Body<SecondStepBody>) -> Result<Response, Fault> {
    let device = guest.device.as_deref();
    let done = door.trust().second_factor(&body.ticket, &body.code, device, &guest.origin, door.now()).await?;
    let (headers, session) = let_in(&door, &guest, done).await?;
    Ok(signed_in(headers, session))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", tag = "session", extensions(("x-permission" = json!("session"))),
    responses((status = 204), (status = "default", body = Problem)))]
async fn sign_out(State(door): State<Door>, holder: Holder) -> Result<Response, Fault> {
    door.trust().sign_out(&holder.session, &holder.origin, door.now()).await?;
    let mut headers = HeaderMap::new();
    set_cookie(&mut headers, &format!("{SESSION_COOKIE}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"));
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Chooses a new password; all other sessions end.
#[utoipa::path(put, path = "/session/password", tag = "session", extensions(("x-permission" = json!("session"))),
    request_body = PasswordBody, responses((status = 200, body = Session), (status = "default", body = Problem)))]
async fn change_password(
    State(door): State<Door>,
    holder: Holder,
    guest: Guest,
    Body(body): Body<PasswordBody>,
) -> Result<Response, Fault> {
    let done = door.trust().change_password(&holder.session, &body.old, &body.new, &holder.origin, door.now()).await?;
    let (headers, session) = let_in(&door, &guest, done).await?;
    Ok((headers, fresh(StatusCode::OK, session)).into_response())
}

/// Reads the session again after something of it has changed.
pub async fn read_again(door: &Door, holder: &Holder, headers: &HeaderMap) -> Result<Response, Fault> {
    let cookie = crate::http::access::session_cookie(headers).unwrap_or_default();
    let session = door.trust().session(cookie, &holder.origin, door.now()).await?;
    let holder = Holder { session: std::sync::Arc::new(session), ..holder.clone() };
    Ok(fresh(StatusCode::OK, session_of(door, &holder).await?))
}

/// Changes one's own name and language.
#[utoipa::path(put, path = "/session/profile", tag = "session", extensions(("x-permission" = json!("session"))),
    request_body = ProfileBody, responses((status = 200, body = Session), (status = "default", body = Problem)))]
async fn change_profile(
    State(door): State<Door>,
    holder: Holder,
    headers: HeaderMap,
    Body(body): Body<ProfileBody>,
) -> Result<Response, Fault> {
    let name = text("name", &body.name, 100)?;
    door.trust().set_profile(&holder.session, &name, body.language, &holder.origin, door.now()).await?;
    read_again(&door, &holder, &headers).await
}

/// Opens another of the businesses that one works for.
#[utoipa::path(put, path = "/session/tenant", tag = "session", extensions(("x-permission" = json!("session"))),
    request_body = ChooseTenantBody, responses((status = 200, body = Session), (status = "default", body = Problem)))]
async fn choose_tenant(
    State(door): State<Door>,
    holder: Holder,
    headers: HeaderMap,
    Body(body): Body<ChooseTenantBody>,
) -> Result<Response, Fault> {
    let tenant = Slug::parse(&body.tenant).map_err(|_| Fault::new(Code::NotFound).field("tenant"))?;
    door.trust().use_tenant(&holder.session, &tenant).await?;
    read_again(&door, &holder, &headers).await
}

/// Where somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionItem {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Instant,
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Instant,
    address: String,
    /// The browser, as it calls itself.
    agent: String,
    current: bool,
}

/// One's own sessions.
#[utoipa::path(get, path = "/session/list", tag = "session", extensions(("x-permission" = json!("session"))),
    responses((status = 200, body = Page<SessionItem>), (status = "default", body = Problem)))]
async fn list(State(door): State<Door>, holder: Holder) -> Result<Response, Fault> {
    let sessions = door.trust().sessions(&holder.session, door.now()).await?;
    let items = sessions.into_iter().map(|one| SessionItem {
        id: one.id,
        created_at: one.created_at,
        last_seen_at: one.last_seen_at,
        address: one.address,
        agent: one.agent,
        current: one.current,
    });
    Ok(fresh(StatusCode::OK, Page::whole(items.collect())))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/session/list/{session}", tag = "session", extensions(("x-permission" = json!("session"))),
    params(("session" = String, Path)), responses((status = 204), (status = "default", body = Problem)))]
async fn end_one(State(door): State<Door>, holder: Holder, Path(id): Path<String>) -> Result<StatusCode, Fault> {
    door.trust().end_session(&holder.session, &id, &holder.origin, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's sessions but this.
#[utoipa::path(delete, path = "/session/list", tag = "session", extensions(("x-permission" = json!("session"))),
    responses((status = 204), (status = "default", body = Problem)))]
async fn end_others(State(door): State<Door>, holder: Holder) -> Result<StatusCode, Fault> {
    door.trust().end_other_sessions(&holder.session, &holder.origin, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactor {
    totp: bool,
    recovery_codes_left: u64,
}

/// What of a second factor there is.
#[utoipa::path(get, path = "/session/second-factor", tag = "session", extensions(("x-permission" = json!("session"))),
    responses((status = 200, body = SecondFactor), (status = "default", body = Problem)))]
async fn second_factor(State(door): State<Door>, holder: Holder) -> Result<Response, Fault> {
    let state = door.trust().second_factor_state(holder.session.user.id).await?;
    Ok(fresh(StatusCode::OK, SecondFactor { totp: state.totp, recovery_codes_left: state.recovery_codes_left }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TotpSecret {
    /// For typing into the authenticator.
    secret: String,
    /// For its camera.
    url: String,
}

#[derive(Deserialize, ToSchema)]
pub struct CodeBody {
    code: String,
}

#[derive(Deserialize, ToSchema)]
pub struct OwnPasswordBody {
    password: String,
}

/// Shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

fn shown(codes: &[trust::SecretText]) -> Response {
    let recovery_codes = codes.iter().map(|code| code.show().to_owned()).collect();
    fresh(StatusCode::OK, RecoveryCodes { recovery_codes })
}

/// Begins with a second factor; it holds when it is confirmed.
#[utoipa::path(post, path = "/session/totp", tag = "session", extensions(("x-permission" = json!("session"))),
    request_body = OwnPasswordBody, responses((status = 200, body = TotpSecret), (status = "default", body = Problem)))]
async fn begin_totp(State(door): State<Door>, holder: Holder, Body(body): Body<OwnPasswordBody>) -> Result<Response, Fault> {
    let new = door.trust().begin_totp(&holder.session, &body.password, door.now()).await?;
    Ok(fresh(StatusCode::OK, TotpSecret { secret: new.secret.show().to_owned(), url: new.url.show().to_owned() }))
}

/// Confirms the second factor with its first code.
#[utoipa::path(post, path = "/session/totp/confirm", tag = "session", extensions(("x-permission" = json!("session"))),
    request_body = CodeBody, responses((status = 200, body = RecoveryCodes), (status = "default", body = Problem)))]
async fn confirm_totp(State(door): State<Door>, holder: Holder, Body(body): Body<CodeBody>) -> Result<Response, Fault> {
    Ok(shown(&door.trust().confirm_totp(&holder.session, &body.code, &holder.origin, door.now()).await?))
}

/// Gives the second factor up.
#[utoipa::path(post, path = "/session/totp/remove", tag = "session", extensions(("x-permission" = json!("session"))),
    request_body = OwnPasswordBody, responses((status = 204), (status = "default", body = Problem)))]
async fn remove_totp(State(door): State<Door>, holder: Holder, Body(body): Body<OwnPasswordBody>) -> Result<StatusCode, Fault> {
    door.trust().remove_totp(&holder.session, &body.password, &holder.origin, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// New recovery codes in place of the old.
#[utoipa::path(post, path = "/session/recovery-codes", tag = "session", extensions(("x-permission" = json!("session"))),
    request_body = OwnPasswordBody, responses((status = 200, body = RecoveryCodes), (status = "default", body = Problem)))]
async fn renew_recovery_codes(
    State(door): State<Door>,
    holder: Holder,
    Body(body): Body<OwnPasswordBody>,
) -> Result<Response, Fault> {
    let codes = door.trust().renew_recovery_codes(&holder.session, &body.password, &holder.origin, door.now()).await?;
    Ok(shown(&codes))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ResetLink {
    login: String,
}

#[derive(Deserialize, ToSchema)]
pub struct NewPasswordBody {
    password: String,
}

/// Whose password a link is for.
#[utoipa::path(get, path = "/reset-links/{token}", tag = "session", extensions(("x-permission" = json!("nobody"))),
    params(("token" = String, Path)), responses((status = 200, body = ResetLink), (status = "default", body = Problem)))]
async fn look_at_reset_link(State(door): State<Door>, Path(token): Path<String>) -> Result<Response, Fault> {
    let login = door.trust().look_at_reset_link(&token, door.now()).await?;
    Ok(fresh(StatusCode::OK, ResetLink { login: login.as_str().to_owned() }))
}

/// A new password by link; then sign in.
#[utoipa::path(post, path = "/reset-links/{token}", tag = "session", extensions(("x-permission" = json!("nobody"))),
    params(("token" = String, Path)), request_body = NewPasswordBody,
    responses((status = 204), (status = "default", body = Problem)))]
async fn reset_password(
    State(door): State<Door>,
    guest: Guest,
    Path(token): Path<String>,
    Body(body): Body<NewPasswordBody>,
) -> Result<StatusCode, Fault> {
    door.trust().reset_password(&token, &body.password, &guest.origin, door.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

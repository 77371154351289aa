//! The door-keeper: who calls, may they, and was this asked before.
//!
//! One layer around every route. It reads what the route needs from the API document ([`super::need`]), finds out who calls (a session's
//! cookie or a token), refuses what comes from another site or without the session's mark, and does a POST once for each Idempotency-Key.
//! Handlers get an [`Asker`]; a handler without one can reach nothing of any tenant.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kith_core::{Language, Tenant};
use kith_desk::ServerConfig;
use kith_desk::trust::{Caller, Origin, Permission, Session};

use super::door::Door;
use super::need::{Need, Who};
use super::problem::{Code, Fault};
use super::speech::{Spoken, language_of};

pub const SESSION_COOKIE: &str = "kith_session";
pub const DEVICE_COOKIE: &str = "kith_device";
pub const CSRF_HEADER: &str = "x-kith-csrf";

/// Anybody, also nobody we know.
#[derive(Clone)]
pub struct Guest {
    pub origin: Arc<Origin>,
    pub language: Language,
    pub device: Option<String>,
}

/// Somebody with a session.
#[derive(Clone)]
pub struct Holder {
    pub session: Arc<Session>,
    pub origin: Arc<Origin>,
    pub language: Language,
}

/// Somebody who may do what the route is for, in one tenant.
#[derive(Clone)]
pub struct Asker {
    pub caller: Arc<Caller>,
    pub tenant: Arc<Tenant>,
    pub language: Language,
}

impl Asker {
    /// Names, addresses and phones of people are shown to them.
    pub fn sees_people(&self) -> bool {
        self.caller.may(Permission::ReadPersonalData)
    }

    pub fn require(&self, permission: Permission) -> Result<(), Fault> {
        Ok(self.caller.require(permission)?)
    }
}

macro_rules! from_layer {
    ($($kind:ty),*) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $kind {
            type Rejection = Fault;
            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
                // Absent only where the route's need is of another kind: then nobody may call it.
                parts.extensions.get::<Self>().cloned().ok_or_else(|| Fault::new(Code::Forbidden))
            }
        }
    )*};
}
from_layer!(Guest, Holder, Asker);

/// The value of a cookie.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The value of the session's cookie.
pub fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION_COOKIE)
}

/// The token of a program.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Does the request come from a page of ours, as far as the browser says?
fn same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Whence the call comes: the peer, or what the proxy before us says.
fn address(door: &Door, request: &Request) -> Option<IpAddr> {
    let forwarded = || {
        let lines = request.headers().get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).last().and_then(|last| last.trim().parse().ok())
    };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let server: &ServerConfig = door.config();
    if server.behind_proxy { forwarded().or(peer) } else { peer }
}

/// The layer.
pub async fn keep(State(door): State<Door>, request: Request, next: Next) -> Result<Response, Infallible> {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let need = path.and_then(|path| door.needs().get(request.method(), &path));
    // No such route: the pages of the app, or the answer that there is none.
    let Some(need) = need else { return Ok(next.run(request).await) };
    let (mut response, language) = match admit(&door, request, need).await {
        Err((fault, language)) => (fault.into_response(), language),
        Ok(Admitted { request, asker: None, language }) => (next.run(request).await, language),
        Ok(Admitted { request, asker: Some(asker), language }) => {
            let tenant = asker.tenant.id.clone();
            let response = match need.once {
                true => super::once::run(&door, asker, request, next).await.unwrap_or_else(IntoResponse::into_response),
                false => next.run(request).await,
            };
            if need.changes && response.status().is_success() {
                door.changed(&tenant);
            }
            (response, language)
        }
    };
    response.extensions_mut().insert(Spoken(language));
    Ok(response)
}

fn unsafe_method(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

struct Admitted {
    request: Request,
    asker: Option<Asker>,
    language: Language,
}

/// Lets the request in with what its handler needs, or says why not, in the language known so far.
async fn admit(door: &Door, mut request: Request, need: Need) -> Result<Admitted, (Fault, Language)> {
    let address = address(door, &request);
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let origin = Arc::new(Origin::new(address, agent));
    let mut language = language_of(request.headers(), None, None);
    let by_address = || door.limits().count(&address.map_or_else(|| "unknown".to_owned(), |address| address.to_string()));
    let bearer = bearer(request.headers()).map(ToOwned::to_owned);
    if bearer.is_none() && unsafe_method(request.method()) && !same_site(request.headers()) {
        return Err((Fault::new(Code::CrossSite), language));
    }
    let asker = match need.who {
        Who::Nobody => {
            by_address().map_err(|fault| (fault, language))?;
            None
        }
        Who::SignedIn => {
            let holder = match holder(door, request.method(), request.headers(), &origin).await {
                Ok(holder) => holder,
                Err(fault) => return Err((by_address().err().unwrap_or(fault), language)),
            };
            language = holder.language;
            door.limits().count(&holder.session.id).map_err(|fault| (fault, language))?;
            request.extensions_mut().insert(holder);
            None
        }
        Who::Holder(permission) => {
            let asker = match asker(door, &mut request, bearer.as_deref(), &origin).await {
                Ok(asker) => asker,
                Err(fault) => return Err((by_address().err().unwrap_or(fault), language)),
            };
            language = asker.language;
            let refused = |fault: Fault| (fault, language);
            asker.require(permission).map_err(refused)?;
            request.extensions_mut().insert(asker.clone());
            Some(asker)
        }
    };
    let device = cookie(request.headers(), DEVICE_COOKIE).map(ToOwned::to_owned);
    request.extensions_mut().insert(Guest { origin, language, device });
    Ok(Admitted { request, asker, language })
}

/// Whoever has this session; a method that changes something must carry its mark.
async fn holder(door: &Door, method: &Method, headers: &HeaderMap, origin: &Arc<Origin>) -> Result<Holder, Fault> {
    let Some(cookie) = cookie(headers, SESSION_COOKIE) else {
        return Err(Fault::new(Code::NotSignedIn));
    };
    let session = door.trust().session(cookie, origin, door.now()).await?;
    if unsafe_method(method) {
        let given = headers.get(CSRF_HEADER).and_then(|given| given.to_str().ok()).unwrap_or("");
        session.check_csrf(given)?;
    }
    let language = language_of(headers, Some(session.user.language), None);
    Ok(Holder { session: Arc::new(session), origin: Arc::clone(origin), language })
}

/// Whoever may act in a tenant, by token or by session.
async fn asker(door: &Door, request: &mut Request, bearer: Option<&str>, origin: &Arc<Origin>) -> Result<Asker, Fault> {
    let (caller, own) = match bearer {
        Some(token) => (door.trust().token_caller(token, origin, door.now()).await?, None),
        None => {
            let holder = holder(door, request.method(), request.headers(), origin).await?;
            let caller = door.trust().caller(&holder.session, None, origin).await?;
            let own = holder.session.user.language;
            request.extensions_mut().insert(holder);
            (caller, Some(own))
        }
    };
    door.limits().count(&caller.who.to_string())?;
    let tenant = door.tenant(&caller.tenant).await?;
    let language = language_of(request.headers(), own, Some(tenant.language));
    Ok(Asker { caller: Arc::new(caller), tenant: Arc::new(tenant), language })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let headers = headers(&[("cookie", "a=1; xkith_session=no; kith_session=yes; b=2")]);
        assert_eq!(cookie(&headers, SESSION_COOKIE), Some("yes"));
        assert_eq!(cookie(&headers, "kith"), None);
    }

    #[test]
    fn another_site_is_known_by_what_the_browser_says_of_it() {
        assert!(same_site(&headers(&[("host", "kith.example"), ("origin", "https://kith.example")])));
        assert!(same_site(&headers(&[("host", "kith.example")])));
        assert!(!same_site(&headers(&[("host", "kith.example"), ("origin", "https://evil.example")])));
        assert!(!same_site(&headers(&[("host", "kith.example"), ("origin", "null")])));
        assert!(!same_site(&headers(&[("host", "kith.example"), ("sec-fetch-site", "cross-site")])));
        assert!(!same_site(&headers(&[("host", "kith.example"), ("sec-fetch-site", "same-site")])));
    }

    #[test]
    fn a_token_is_taken_from_its_header_only() {
        assert_eq!(bearer(&headers(&[("authorization", "Bearer kith_x")])), Some("kith_x"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic a2l0aA==")])), None);
    }
}

//! One line a request: which route (never the address itself, in which names and numbers of people may stand), how long, what came of
//! it, and the number by which a person can ask about it.

use std::time::Instant as Clock;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::door::Door;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The number that this request goes by.
#[derive(Debug, Clone)]
struct RequestId(String);

/// The route as it is written in the API document.
pub fn route(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned())
}

pub fn request_id(request: &Request) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The layer around everything: numbers the request, measures it, writes its line.
pub async fn observe(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let start = Clock::now();
    let id = given_id(&request).unwrap_or_else(super::random::token);
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, route) = (request.method().clone(), route(&request));
    let mut response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    door.metrics().observe(method.as_str(), &route, status, took.as_secs_f64());
    tracing::info!(
        request = %id,
        method = %method,
        route = %route,
        status,
        took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "{method} {route} {status}"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The number that a proxy before us gave it, if it is a sober one.
fn given_id(request: &Request) -> Option<String> {
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sober = (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    sober.then(|| id.to_owned())
}

//! A POST is done once for each Idempotency-Key, durably: whoever asks again, also after a crash, gets the first answer.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kith_desk::trust::{self, Claim, StoredAnswer, Ticket};
use sha2::{Digest, Sha256};

use super::access::Asker;
use super::door::Door;
use super::problem::{Code, Fault};

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotency-replayed";

/// What a POST may bring.
pub const MOST_BODY: usize = 16 * 1024 * 1024;
/// What is kept of its answer.
const MOST_ANSWER: usize = 1024 * 1024;

/// Does what the request asks, unless it was done before.
pub async fn run(door: &Door, asker: Asker, request: Request, next: Next) -> Result<Response, Fault> {
    let key = request.headers().get(KEY).and_then(|key| key.to_str().ok()).unwrap_or("").to_owned();
    if !(8..=200).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Fault::new(Code::KeyMissing));
    }
    let id = super::log::request_id(&request);
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MOST_BODY).await.map_err(|_| Fault::new(Code::TooLarge))?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let asked =
        trust::Request { key: &key, method: parts.method.as_str(), path: &path, body_digest: Sha256::digest(&bytes).into() };
    match door.trust().claim(&asker.caller, &asked, door.now()).await? {
        Claim::Done(answer) => Ok(again(answer)),
        Claim::InProgress => Err(Fault::new(Code::InFlight).wait(Some(1))),
        Claim::OtherRequest => Err(Fault::new(Code::KeyReused)),
        Claim::Fresh(ticket) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            let door = door.clone();
            // A task of its own: a client that hangs up does not leave the act half noted.
            let acted = tokio::spawn(async move {
                let response = next.run(request).await;
                note(&door, ticket, response, &asker, &id).await
            });
            acted.await.unwrap_or_else(|error| Err(Fault::internal(error)))
        }
    }
}

/// Keeps the answer under its key, and hands it on.
async fn note(door: &Door, ticket: Ticket, response: Response, asker: &Asker, id: &str) -> Result<Response, Fault> {
    // The answer is kept in the words that the asker gets.
    let response = match response.extensions().get::<Fault>() {
        Some(fault) => {
            let fault = fault.clone();
            super::problem::log_cause(&fault, id);
            super::problem::written(&fault, asker.language, id)
        }
        None => response,
    };
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MOST_ANSWER).await.map_err(Fault::internal)?;
    let noted = if parts.status.is_server_error() {
        door.trust().release(ticket).await
    } else {
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("").to_owned();
        let answer = StoredAnswer { status: parts.status.as_u16(), content_type: kind, body: body.to_vec() };
        door.trust().finish(ticket, &answer).await
    };
    // The act is done; that its key may be used again is less bad than an answer that says it failed.
    if let Err(error) = noted {
        tracing::error!(request = %id, error = %super::problem::chain(&error), "could not keep the answer of a request");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn again(answer: StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Bytes::from(answer.body)).into_response();
    let headers = response.headers_mut();
    match HeaderValue::from_str(&answer.content_type) {
        Ok(kind) if !answer.content_type.is_empty() => headers.insert(header::CONTENT_TYPE, kind),
        _ => headers.remove(header::CONTENT_TYPE),
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

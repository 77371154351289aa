//! For programs: touches by call, what is live, and how the server is.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kith_desk::listen::{CallReader, after_calls, append};
use kith_desk::trust::{Origin, Permission};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::{Asker, bearer};
use crate::http::door::{Door, fresh};
use crate::http::job::Refusal;
use crate::http::live;
use crate::http::once::MOST_BODY;
use crate::http::problem::{Code, Fault, Problem, log_cause};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .merge(OpenApiRouter::new().routes(routes!(touches)).layer(DefaultBodyLimit::max(MOST_BODY)))
        .routes(routes!(events))
        .routes(routes!(health))
}

/// So many touches come in one call, at most.
const MOST_TOUCHES: usize = 10_000;

#[derive(Deserialize, ToSchema)]
pub struct TouchesBody {
    /// Objects with the names that the columns of a file may have; read by the same rules.
    #[schema(value_type = Vec<Object>, max_items = 10000)]
    touches: Vec<serde_json::Map<String, serde_json::Value>>,
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// So many are in the journal now, new or known already, and on the disk.
    durable: u64,
    /// Counted from 1 in the order of the batch.
    refused: Vec<Refusal>,
}

/// Takes touches, at most 10 000 at once, as JSON or as JSON lines. What is acknowledged is durable; the same touch twice is one.
#[utoipa::path(post, path = "/touches", tag = "machines", extensions(("x-permission" = json!("touches.write"))),
    request_body(content((TouchesBody = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, body = Taken), (status = "default", body = Problem)))]
async fn touches(State(door): State<Door>, asker: Asker, headers: HeaderMap, request: Request) -> Result<Response, Fault> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("").to_owned();
    let bytes = axum::body::to_bytes(request.into_body(), MOST_BODY).await.map_err(|_| Fault::new(Code::TooLarge))?;
    let lines = if kind.starts_with("application/x-ndjson") {
        let text = std::str::from_utf8(&bytes).map_err(|error| Fault::new(Code::BadJson).detail(error.to_string()))?;
        text.lines().map(ToOwned::to_owned).collect()
    } else if kind.starts_with("application/json") {
        let body: TouchesBody = serde_json::from_slice(&bytes).map_err(|error| {
            let code = if error.is_data() { Code::Invalid } else { Code::BadJson };
            Fault::new(code).field("touches").detail(error.to_string())
        })?;
        body.touches.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>().map_err(Fault::internal)?
    } else {
        return Err(Fault::new(Code::MediaType));
    };
    if lines.len() > MOST_TOUCHES {
        return Err(Fault::new(Code::TooLarge).detail(format!("at most {MOST_TOUCHES} touches at once")));
    }
    let mut reader = CallReader::new(&asker.tenant);
    let (durable, refused) = append(door.store(), &asker.tenant, &mut reader, 1, &lines).await?;
    door.metrics().touches.inc_by(durable);
    let (behind, tenant) = (door.clone(), asker.tenant);
    door.work(async move {
        let _turn = behind.writing().await;
        if let Err(error) = after_calls(behind.store(), &tenant, behind.now()).await {
            log_cause(&error.into(), "after touches");
        }
        behind.changed(&tenant.id);
    });
    Ok(fresh(StatusCode::OK, Taken { durable, refused: refused.iter().map(Refusal::from).collect() }))
}

/// What is live: events `store` when anything of the business has changed, and `job` when an import has gone on.
#[utoipa::path(get, path = "/events", tag = "machines", extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = "default", body = Problem)))]
async fn events(State(door): State<Door>, asker: Asker) -> Response {
    live::news(&door, asker.tenant.id.clone()).into_response()
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// ok.
    status: String,
    version: String,
}

/// Is the server up, and does its database answer?
#[utoipa::path(get, path = "/health", tag = "machines", extensions(("x-permission" = json!("nobody"))),
    responses((status = 200, body = Health), (status = "default", body = Problem)))]
async fn health(State(door): State<Door>) -> Result<Response, Fault> {
    door.store().journal.schema_version().await.map_err(Fault::unavailable)?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(fresh(StatusCode::OK, Health { status: "ok".to_owned(), version }))
}

/// Figures of the server itself, in the text of Prometheus: for programs on this machine, and for tokens that may read the record. Not part
/// of the API document: it lies beside it, at `/metrics`.
pub async fn metrics(
    State(door): State<Door>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    // A proxy on this machine speaks for others.
    let here = peer.ip().is_loopback() && !headers.contains_key("x-forwarded-for");
    if !here {
        let token = bearer(&headers).ok_or_else(|| Fault::new(Code::NotSignedIn))?;
        let caller = door.trust().token_caller(token, &Origin::new(Some(peer.ip()), None), door.now()).await?;
        caller.require(Permission::ReadAudit)?;
    }
    let text = door.metrics().text().map_err(Fault::internal)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

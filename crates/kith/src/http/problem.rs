//! How an error is told: `application/problem+json` with a code, a sentence and what to do, in the caller's language.
//!
//! A handler ends with a [`Fault`], which knows no language. It travels beside the answer until [`tell`], the outermost layer, which
//! knows the language and the request's number, and writes the [`Problem`]. Our own faults go to the log there, once, with their causes.

use std::error::Error;
use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kith_core::Language;
use serde::Serialize;
use utoipa::ToSchema;

pub use super::code::Code;
use super::speech::{Spoken, asked_language};

/// Why a request is not answered as was hoped.
#[derive(Debug, Clone)]
pub struct Fault {
    pub code: Code,
    /// What exactly, for the one who asked.
    pub detail: String,
    /// The part of the input that is at fault.
    pub field: Option<String>,
    /// After so many seconds it is worth trying again.
    pub wait_s: Option<u64>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// An error as it is told (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub kind: String,
    pub status: u16,
    /// A stable word for programs.
    pub code: String,
    /// What happened, in one sentence.
    pub title: String,
    /// What exactly; may be empty.
    pub detail: String,
    /// What to do.
    pub advice: String,
    pub request_id: String,
    /// The part of the input that is at fault.
    pub field: Option<String>,
}

impl Fault {
    pub const fn new(code: Code) -> Self {
        Self { code, detail: String::new(), field: None, wait_s: None, cause: None }
    }

    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    pub fn field(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    pub fn wait(self, wait_s: Option<u64>) -> Self {
        Self { wait_s, ..self }
    }

    /// What the caller gave cannot be so: which part, and why.
    pub fn invalid(field: &str, why: &(impl Error + ?Sized)) -> Self {
        Self::new(Code::Invalid).field(field).detail(chain(why))
    }

    /// Ours, not the caller's: the causes go to the log.
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        Self { cause: Some(Arc::new(cause)), ..Self::new(Code::Internal) }
    }

    /// Nobody can do anything about it now, but later.
    pub fn unavailable(cause: impl Error + Send + Sync + 'static) -> Self {
        Self { cause: Some(Arc::new(cause)), ..Self::new(Code::Unavailable) }
    }

    pub fn problem(&self, language: Language, request_id: &str) -> Problem {
        Problem {
            kind: "about:blank".to_owned(),
            status: self.code.status().as_u16(),
            code: self.code.as_str().to_owned(),
            title: self.code.title(language).to_owned(),
            detail: self.detail.clone(),
            advice: self.code.advice(language).to_owned(),
            request_id: request_id.to_owned(),
            field: self.field.clone(),
        }
    }
}

/// An error and its causes, each once, in one line.
pub fn chain(error: &(impl Error + ?Sized)) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        next = cause.source();
    }
    said
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        if let Some(wait) = self.wait_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The layer that puts faults into words. It also puts into our form what the web framework itself refuses.
pub async fn tell(request: Request, next: Next) -> Response {
    let asked = asked_language(request.headers());
    let id = super::log::request_id(&request);
    let response = next.run(request).await;
    let language = asked.or_else(|| response.extensions().get::<Spoken>().map(|spoken| spoken.0)).unwrap_or(Language::En);
    let allow = response.headers().get(header::ALLOW).cloned();
    let fault = if let Some(fault) = response.extensions().get::<Fault>() {
        fault.clone()
    } else if let Some(code) = refused(&response) {
        framework(response, code).await
    } else {
        return response;
    };
    log_cause(&fault, &id);
    let mut response = written(&fault, language, &id);
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// Our own faults go to the log, with their causes.
pub fn log_cause(fault: &Fault, id: &str) {
    if let Some(cause) = &fault.cause {
        tracing::error!(request = %id, error = %chain(cause.as_ref()), "a request failed");
    }
}

/// Is this an error that the framework made, without a body of ours?
fn refused(response: &Response) -> Option<Code> {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if kind.contains("json") || kind.contains("html") {
        return None;
    }
    Some(match response.status() {
        StatusCode::BAD_REQUEST => Code::BadRequest,
        StatusCode::NOT_FOUND => Code::NoRoute,
        StatusCode::METHOD_NOT_ALLOWED => Code::Method,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::MediaType,
        StatusCode::UNPROCESSABLE_ENTITY => Code::Invalid,
        status if status.is_server_error() => Code::Internal,
        status if status.is_client_error() => Code::BadRequest,
        _ => return None,
    })
}

/// So much of what the framework said is kept as the detail.
const DETAIL_BYTES: usize = 4_096;

async fn framework(response: Response, code: Code) -> Fault {
    let body = axum::body::to_bytes(response.into_body(), DETAIL_BYTES).await.unwrap_or_default();
    let detail = if code == Code::Internal { String::new() } else { String::from_utf8_lossy(&body).into_owned() };
    Fault::new(code).detail(detail)
}

/// The fault in words.
pub fn written(fault: &Fault, language: Language, id: &str) -> Response {
    let mut response = (fault.code.status(), Json(fault.problem(language, id))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    if let Some(wait) = fault.wait_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    response
}

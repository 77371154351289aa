//! The application in the browser: embedded files, chosen by what the browser can unpack, under a policy that lets nothing else run.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use super::problem::{Code, Fault};

/// What `npm run build` made, or the page that says how to make it. Debug builds read it from the disk.
#[derive(Embed)]
#[folder = "$KITH_WEB_DIST"]
struct Files;

/// Where a page's own address begins to be one of the API: an address there is never a page.
const API: &str = "/api/";

/// Any address that is no route: a file, a page of the app, or nothing.
pub async fn serve(request: Request) -> Result<Response, Fault> {
    let path = request.uri().path();
    if path == "/api" || path.starts_with(API) {
        return Err(Fault::new(Code::NoRoute));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Fault::new(Code::Method));
    }
    let name = path.trim_start_matches('/');
    if let Some((file, encoding)) = find(name, request.headers()) {
        return Ok(answer(name, &file, encoding));
    }
    // A file that is missing is missing; every other address is a page of the app.
    let last = name.rsplit('/').next().unwrap_or("");
    if name.starts_with("assets/") || last.contains('.') {
        return Err(Fault::new(Code::NotFound));
    }
    Ok(page())
}

/// A file, packed as small as the browser can unpack it.
fn find(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    if name.is_empty() || name == "index.html" || name.ends_with(".br") || name.ends_with(".gz") {
        return None;
    }
    let accepts = |what: &str| {
        let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok()).unwrap_or("");
        accepted.split(',').any(|one| {
            let mut parts = one.split(';').map(str::trim);
            parts.next() == Some(what) && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepts(encoding)
            && let Some(file) = Files::get(&format!("{name}.{ending}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Files::get(name).map(|file| (file, None))
}

fn answer(name: &str, file: &EmbeddedFile, encoding: Option<&'static str>) -> Response {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let mut response = file.data.to_vec().into_response();
    let headers = response.headers_mut();
    let text = matches!(kind.type_().as_str(), "text") || kind.subtype() == "javascript" || kind.subtype() == "json";
    let kind = if text { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    // What lies under assets has its digest in its name.
    let keep = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

/// The page in which the app starts, with a nonce of its own.
fn page() -> Response {
    let Some(file) = Files::get("index.html") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let nonce = super::random::token();
    let html = String::from_utf8_lossy(&file.data).replace("__NONCE__", &nonce);
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: https:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn get(path: &str) -> Request {
        Request::builder().uri(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn every_page_has_a_nonce_of_its_own_and_no_cache() {
        let (one, other) = (serve(get("/contacts/7?x=1")).await.unwrap(), serve(get("/")).await.unwrap());
        let policy = |response: &Response| response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy(&one).contains("script-src 'self';") && policy(&one).contains("'nonce-"));
        assert_ne!(policy(&one), policy(&other));
        assert_eq!(one.headers()[header::CACHE_CONTROL], "no-cache");
    }

    #[tokio::test]
    async fn a_missing_file_and_an_unknown_api_address_are_not_answered_with_a_page() {
        for path in ["/assets/gone.js", "/robots.txt.bak", "/api/v2/x", "/api"] {
            assert!(serve(get(path)).await.is_err(), "{path}");
        }
    }
}

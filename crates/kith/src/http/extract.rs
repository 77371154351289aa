//! What a handler takes from a request: its JSON, its query, its path, each refused in our own words.

use axum::extract::{FromRequest, FromRequestParts};

use super::problem::{Code, Fault};

/// The body as JSON.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Fault))]
pub struct Body<T>(pub T);

/// What stands behind the question mark.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Fault))]
pub struct Query<T>(pub T);

/// The parts of the path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Fault))]
pub struct Path<T>(pub T);

/// A short name in the address: one that cannot be is one that is not there.
pub fn slug(text: &str) -> Result<kith_core::Slug, Fault> {
    kith_core::Slug::parse(text).map_err(|_| Fault::new(Code::NotFound))
}

/// A number in the address.
pub fn number(text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| Fault::new(Code::NotFound))
}

/// A short text that somebody typed, cleaned.
pub fn text(field: &str, given: &str, limit: usize) -> Result<String, Fault> {
    let cleaned: String = kith_core::clean(given, limit).map_err(|error| Fault::invalid(field, &error))?;
    if cleaned.trim().is_empty() {
        return Err(Fault::new(Code::Invalid).field(field).detail(format!("`{field}` is empty")));
    }
    Ok(cleaned)
}

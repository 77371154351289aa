//! What each route asks of whoever calls it. It stands in the API document, beside the route, and is enforced from there: what the
//! document says and what the server does cannot differ.

use std::collections::HashMap;

use axum::http::Method;
use kith_desk::trust::Permission;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, PathItem};

/// The extension of an operation that says who may call it.
pub const PERMISSION: &str = "x-permission";
/// The extension that says `false` where a POST takes no Idempotency-Key.
pub const ONCE: &str = "x-idempotency";

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Nobody,
    /// Somebody with a session, whatever the role.
    SignedIn,
    Holder(Permission),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub who: Who,
    /// Is the act done once for each Idempotency-Key?
    pub once: bool,
    /// Does it change what answers are made of?
    pub changes: bool,
}

/// What is done under these changes no figure and no contact.
const QUIET: [&str; 8] = ["invitations", "sql", "today", "tokens", "uploads", "users", "views", "session"];

/// The needs of all routes.
pub struct Needs(HashMap<(Method, String), Need>);

#[derive(Debug, thiserror::Error)]
#[error("the route {method} {path} does not say who may call it")]
pub struct Unsaid {
    method: Method,
    path: String,
}

/// The operations of a path with their methods.
pub fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    let all = [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn who(operation: &Operation) -> Option<Who> {
    match operation.extensions.as_ref()?.get(PERMISSION)?.as_str()? {
        "nobody" => Some(Who::Nobody),
        "session" => Some(Who::SignedIn),
        name => Permission::parse(name).map(Who::Holder),
    }
}

impl Needs {
    /// Reads them from the document.
    pub fn of(document: &OpenApi) -> Result<Self, Unsaid> {
        let mut needs = HashMap::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                let who = who(operation).ok_or_else(|| Unsaid { method: method.clone(), path: path.clone() })?;
                let exempt = operation.extensions.as_ref().and_then(|all| all.get(ONCE)).is_some_and(|once| *once == false);
                let once = method == Method::POST && matches!(who, Who::Holder(_)) && !exempt;
                let first = path.trim_start_matches(super::openapi::BASE).split('/').nth(1).unwrap_or("");
                let changes = method != Method::GET && matches!(who, Who::Holder(_)) && !QUIET.contains(&first);
                needs.insert((method, path.clone()), Need { who, once, changes });
            }
        }
        Ok(Self(needs))
    }

    /// What a route needs; `None` where there is no such route.
    pub fn get(&self, method: &Method, path: &str) -> Option<Need> {
        let method = if method == Method::HEAD { Method::GET } else { method.clone() };
        self.0.get(&(method, path.to_owned())).copied()
    }
}

//! The API document: made of the routes themselves, printed by `kith openapi`, and committed as `web/openapi.json`.

use std::collections::BTreeSet;

use axum::Router;
use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, ServerBuilder,
    path::{Operation, ParameterBuilder, ParameterIn},
    schema::{ArrayItems, ObjectBuilder, Schema, Type},
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use super::access::{CSRF_HEADER, SESSION_COOKIE};
use super::door::Door;
use super::need::{Needs, Unsaid, Who};
use super::routes;

/// Where the API lies.
pub const BASE: &str = "/api/v1";

const ABOUT: &str = "What the pages of Kith do, for programs. Sign in with POST /session (a cookie), or send a token as \
`Authorization: Bearer kith_…`. With the cookie, whatever is not a GET carries the session's mark as `X-Kith-CSRF`. Every POST carries an \
`Idempotency-Key`, but for those that say `x-idempotency: false` and those of sessions. `x-permission` of each operation says who may call it: \
`nobody` is anybody, `session` somebody signed in, else the permission that the role or the token must have. Errors are \
`application/problem+json`. Lists go on with `cursor`.";

/// The routes under [`BASE`] with the document that they make.
pub fn routes_and_document() -> (Router<Door>, OpenApi) {
    let info = InfoBuilder::new()
        .title("Kith")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()));
    let empty = OpenApiBuilder::new().info(info.build()).servers(Some([ServerBuilder::new().url("/").build()])).build();
    let (router, mut document) = OpenApiRouter::with_openapi(empty).nest(BASE, routes::all()).split_for_parts();
    whole(&mut document);
    secured(&mut document);
    (router, document)
}

/// The document alone.
pub fn document() -> OpenApi {
    routes_and_document().1
}

/// What every route needs, from the document.
pub fn needs(document: &OpenApi) -> Result<Needs, Unsaid> {
    Needs::of(document)
}

/// The document as it is committed.
pub fn text() -> Result<String, serde_json::Error> {
    let mut document = serde_json::to_value(document())?;
    let paths = document.get_mut("paths").and_then(serde_json::Value::as_object_mut);
    let operations = paths.into_iter().flat_map(|paths| paths.values_mut()).filter_map(serde_json::Value::as_object_mut);
    for operation in operations.flat_map(|item| item.values_mut()).filter_map(serde_json::Value::as_object_mut) {
        // Extensions come in any order: the text shall be the same every time.
        if let Some(once) = operation.shift_remove(super::need::ONCE) {
            operation.insert(super::need::ONCE.to_owned(), once);
        }
    }
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Answers have all of their fields, null where there is nothing; only what is sent to us may leave some out.
fn whole(document: &mut OpenApi) {
    let Some(components) = &mut document.components else { return };
    let names: BTreeSet<String> = components.schemas.keys().cloned().collect();
    for (name, schema) in &mut components.schemas {
        if name.ends_with("Body") && name != "AccountRoleBody" || name == "Wanted" {
            continue;
        }
        let RefOr::T(Schema::Object(object)) = schema else { continue };
        object.required = object.properties.keys().cloned().collect();
        // A page is told by the name of what it lists.
        let item = name.strip_prefix("Page_").filter(|item| names.contains(*item));
        if let (Some(item), Some(RefOr::T(Schema::Array(items)))) = (item, object.properties.get_mut("items")) {
            items.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(item))));
        }
    }
}

/// Problems have a type of their own.
fn problems(operation: &mut Operation) {
    let Some(RefOr::T(failure)) = operation.responses.responses.get_mut("default") else { return };
    failure.description = "What went wrong, and what to do".to_owned();
    if let Some(content) = failure.content.shift_remove("application/json") {
        failure.content.insert("application/problem+json".to_owned(), content);
    }
}

/// Says in the document's own words who may call what, and which headers that takes.
fn secured(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Default::default);
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE)));
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    components.add_security_scheme("session", cookie);
    components.add_security_scheme("token", token);
    let Ok(needs) = Needs::of(document) else { return };
    let mut seen = BTreeSet::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in [
            ("GET", &mut item.get),
            ("POST", &mut item.post),
            ("PUT", &mut item.put),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
        ] {
            let Some(operation) = operation else { continue };
            let Some(need) = method.parse().ok().and_then(|method| needs.get(&method, path)) else { continue };
            let none: [&str; 0] = [];
            operation.security = Some(match need.who {
                Who::Nobody => vec![SecurityRequirement::default()],
                Who::SignedIn => vec![SecurityRequirement::new("session", none)],
                Who::Holder(_) => vec![SecurityRequirement::new("session", none), SecurityRequirement::new("token", none)],
            });
            if need.once {
                add_header(operation, "Idempotency-Key", Required::True, "Any text of your own, new with each act.");
            }
            if need.who != Who::Nobody && method != "GET" {
                add_header(operation, CSRF_HEADER, Required::False, "The mark of the session; not with a token.");
            }
            problems(operation);
            operation.operation_id = Some(name_of(method, path, &mut seen));
        }
    }
}

fn add_header(operation: &mut Operation, name: &str, required: Required, about: &str) {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(8)).max_length(Some(200)).build();
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(about))
        .schema(Some(text))
        .build();
    operation.parameters.get_or_insert_default().push(parameter);
}

/// A name of its own for each operation: `put_campaigns_stages_steps_done`.
fn name_of(method: &str, path: &str, seen: &mut BTreeSet<String>) -> String {
    let mut words = path.trim_start_matches(BASE).split('/').filter(|word| !word.is_empty());
    let plain: Vec<String> =
        words.clone().filter(|word| !word.starts_with('{')).map(|word| word.replace(['-', '.'], "_")).collect();
    let mut name = format!("{}_{}", method.to_lowercase(), plain.join("_"));
    if words.next_back().is_some_and(|word| word.starts_with('{')) {
        name.push_str("_one");
    }
    while !seen.insert(name.clone()) {
        name.push('_');
    }
    name
}

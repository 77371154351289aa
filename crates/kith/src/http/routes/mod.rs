//! The routes, a file a subject. A handler parses, calls down once, and answers.

mod accounts;
mod campaigns;
mod contacts;
mod imports;
pub mod machines;
mod merges;
mod people;
mod posts;
mod questions;
mod session;
mod settings;
mod tenant;
mod today;
mod uploads;

use utoipa_axum::router::OpenApiRouter;

use super::door::Door;

/// Everything under `/api/v1`.
pub fn all() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .merge(session::router())
        .merge(today::router())
        .merge(contacts::router())
        .merge(merges::router())
        .merge(questions::router())
        .merge(campaigns::router())
        .merge(accounts::router())
        .merge(posts::router())
        .merge(uploads::router())
        .merge(imports::router())
        .merge(tenant::router())
        .merge(people::router())
        .merge(settings::router())
        .merge(machines::router())
}

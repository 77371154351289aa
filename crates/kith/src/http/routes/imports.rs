//! Imports: started, watched, listed, taken back and brought back; and what they refused.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kith_channels::file::{Field, ImportKind, refused_lines};
use kith_core::Instant;
use kith_desk::listen;
use kith_desk::trust::AuditAction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, Query, number};
use crate::http::job::{Job, Start, start as start_job};
use crate::http::page::{Page, PageAsk};
use crate::http::problem::{Code, Fault, Problem};
use crate::http::routes::questions::file;
use crate::http::{live, routes::uploads};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(list, start))
        .routes(routes!(jobs))
        .routes(routes!(job))
        .routes(routes!(job_events))
        .routes(routes!(show))
        .routes(routes!(refused))
        .routes(routes!(refused_file))
        .routes(routes!(undo))
        .routes(routes!(redo))
        .routes(routes!(fields))
        .routes(routes!(mappings))
}

/// One import of one file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Import {
    number: i64,
    /// running, active, undone, failed or interrupted.
    state: String,
    file: String,
    kind: String,
    #[schema(value_type = String, format = DateTime)]
    started_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Instant>,
    rows: u64,
    touches: u64,
    duplicates: u64,
    refused: u64,
    passed_over: u64,
    has_refused: bool,
    /// Why it failed.
    why: Option<String>,
    /// Who did what with it; only where one import is asked for.
    history: Vec<ImportEvent>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ImportEvent {
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    who: String,
    what: String,
}

#[derive(Deserialize, ToSchema)]
pub struct ImportBody {
    upload: String,
    /// Import it although the same bytes were imported before.
    #[serde(default)]
    again: bool,
    /// Keep the mapping under this name.
    save_mapping: Option<String>,
    /// The import whose refused rows this file puts right.
    corrects: Option<i64>,
}

/// Rows that an import refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedPage {
    columns: Vec<String>,
    items: Vec<RefusedRow>,
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedRow {
    row: u64,
    column: String,
    reason: String,
    cells: Vec<String>,
}

/// What a column can mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fields {
    kinds: Vec<Named>,
    fields: Vec<Named>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    name: String,
    about: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SavedMapping {
    name: String,
    kind: String,
}

impl From<kith_journal::Import> for Import {
    fn from(import: kith_journal::Import) -> Self {
        Self {
            number: import.id.0,
            state: import.state.as_str().to_owned(),
            file: import.file_name,
            kind: import.kind,
            started_at: import.started_at,
            ended_at: import.ended_at,
            rows: import.counts.rows,
            touches: import.counts.touches,
            duplicates: import.counts.duplicates,
            refused: import.counts.refused,
            passed_over: import.counts.passed_over,
            has_refused: import.refused_path.is_some(),
            why: import.why,
            history: Vec::new(),
        }
    }
}

/// The import with this number, if it is the tenant's.
async fn find(door: &Door, asker: &Asker, of: &str) -> Result<kith_journal::Import, Fault> {
    let number = number(of)?;
    let imports = door.store().journal.imports(&asker.tenant.id).await?;
    imports.into_iter().find(|import| import.id.0 == number).ok_or_else(|| Fault::new(Code::NotFound))
}

/// Starts an import; it goes on whether or not anybody watches.
#[utoipa::path(post, path = "/imports", tag = "imports", extensions(("x-permission" = json!("import"))),
    request_body = ImportBody, responses((status = 202, body = Job), (status = "default", body = Problem)))]
async fn start(State(door): State<Door>, asker: Asker, Body(body): Body<ImportBody>) -> Result<Response, Fault> {
    let note = door.uploads().find(&asker.tenant.id, &body.upload).await?;
    if door.jobs().is_busy(&note.id) {
        return Err(Fault::new(Code::Busy));
    }
    let path = door.uploads().path(&note);
    if !body.again
        && let Some(known) = listen::known_import(door.store(), &asker.tenant, &path).await?
    {
        return Err(Fault::new(Code::AlreadyImported).detail(known.to_string()));
    }
    if let Some(corrects) = body.corrects {
        find(&door, &asker, &corrects.to_string()).await?;
    }
    let save_mapping = match body.save_mapping.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        None => None,
        Some(name) => Some(crate::http::extract::text("save_mapping", name, 100)?),
    };
    let opened = uploads::open(&door, &asker, &note).await?;
    let (tenant, caller) = (Arc::clone(&asker.tenant), Arc::clone(&asker.caller));
    let begun =
        start_job(&door, Start { note, opened, tenant, caller, language: asker.language, save_mapping, corrects: body.corrects });
    Ok(fresh(StatusCode::ACCEPTED, begun))
}

/// Imports under way, and those of the last day that are over.
#[utoipa::path(get, path = "/imports/jobs", tag = "imports", extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = Page<Job>), (status = "default", body = Problem)))]
async fn jobs(State(door): State<Door>, asker: Asker) -> Response {
    fresh(StatusCode::OK, Page::whole(door.jobs().list(&asker.tenant.id, door.now())))
}

/// How far an import is.
#[utoipa::path(get, path = "/imports/jobs/{job}", tag = "imports", params(("job" = String, Path)),
    extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = Job), (status = "default", body = Problem)))]
async fn job(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<Response, Fault> {
    let job = door.jobs().watch(&asker.tenant.id, &id).ok_or_else(|| Fault::new(Code::NotFound))?;
    let now = job.borrow().clone();
    Ok(fresh(StatusCode::OK, now))
}

/// How far an import is, told as it goes on: events `progress`, each with the job, until it is over.
#[utoipa::path(get, path = "/imports/jobs/{job}/events", tag = "imports", params(("job" = String, Path)),
    extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = String, content_type = "text/event-stream"), (status = "default", body = Problem)))]
async fn job_events(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<Response, Fault> {
    let job = door.jobs().watch(&asker.tenant.id, &id).ok_or_else(|| Fault::new(Code::NotFound))?;
    Ok(live::progress(&door, job).into_response())
}

/// The imports, the newest first.
#[utoipa::path(get, path = "/imports", tag = "imports", params(PageAsk),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Page<Import>), (status = "default", body = Problem)))]
async fn list(State(door): State<Door>, asker: Asker, Query(page): Query<PageAsk>) -> Result<Response, Fault> {
    let mut imports = door.store().journal.imports(&asker.tenant.id).await?;
    imports.reverse();
    let page = page.cut("imports", &asker.tenant.id, imports)?;
    let items = page.items.into_iter().map(Import::from).collect();
    Ok(fresh(StatusCode::OK, Page { items, next: page.next }))
}

async fn told(door: &Door, asker: &Asker, of: &str) -> Result<Import, Fault> {
    let import = find(door, asker, of).await?;
    let events = door.store().journal.import_events(import.id).await?;
    let history = events.into_iter().map(|event| ImportEvent { at: event.at, who: event.who, what: event.what });
    Ok(Import { history: history.collect(), ..Import::from(import) })
}

/// One import with its history.
#[utoipa::path(get, path = "/imports/{number}", tag = "imports", params(("number" = i64, Path)),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Import), (status = "default", body = Problem)))]
async fn show(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<Response, Fault> {
    Ok(fresh(StatusCode::OK, told(&door, &asker, &of).await?))
}

/// Where the refused rows of an import lie.
async fn refused_path(door: &Door, asker: &Asker, of: &str) -> Result<String, Fault> {
    find(door, asker, of).await?.refused_path.ok_or_else(|| Fault::new(Code::NotFound))
}

/// The rows that an import refused, with the reason of each.
#[utoipa::path(get, path = "/imports/{number}/refused", tag = "imports", params(("number" = i64, Path), PageAsk),
    extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = RefusedPage), (status = "default", body = Problem)))]
async fn refused(
    State(door): State<Door>,
    asker: Asker,
    Path(of): Path<String>,
    Query(page): Query<PageAsk>,
) -> Result<Response, Fault> {
    let path = refused_path(&door, &asker, &of).await?;
    let (list, tenant, limit) = (format!("refused-{of}"), &asker.tenant.id, page.limit()?);
    let start = usize::try_from(page.number(&list, tenant)?.unwrap_or(0)).unwrap_or(usize::MAX);
    let (columns, rows) = tokio::task::spawn_blocking(move || refused_lines(std::path::Path::new(&path), start, limit + 1))
        .await
        .map_err(Fault::internal)?
        .map_err(Fault::internal)?;
    let shown = |cells: &[String]| cells.iter().map(|cell| cell.chars().take(500).collect()).collect();
    let items: Vec<RefusedRow> = rows
        .iter()
        .take(limit)
        .map(|line| RefusedRow {
            row: line.row,
            column: line.column.clone(),
            reason: line.reason.clone(),
            cells: shown(&line.cells),
        })
        .collect();
    let next = (rows.len() > limit).then(|| crate::http::page::cursor(&list, tenant, &(start + limit).to_string()));
    Ok(fresh(StatusCode::OK, RefusedPage { columns, items, next }))
}

/// The refused rows as a file that can be corrected and imported alone.
#[utoipa::path(get, path = "/imports/{number}/refused.csv", tag = "imports", params(("number" = i64, Path)),
    extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "default", body = Problem)))]
async fn refused_file(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<Response, Fault> {
    let path = refused_path(&door, &asker, &of).await?;
    let bytes = tokio::fs::read(path).await.map_err(|_| Fault::new(Code::NotFound))?;
    Ok(file(&format!("refused-{}.csv", number(&of)?), "text/csv; charset=utf-8", bytes))
}

async fn set_standing(door: &Door, asker: &Asker, of: &str, stands: bool) -> Result<Response, Fault> {
    let import = find(door, asker, of).await?;
    let _turn = door.writing().await;
    let (by, now) = (asker.caller.who.to_string(), door.now());
    listen::set_standing(door.store(), &asker.tenant, import.id.0, stands, &by, now).await?;
    let action = if stands { AuditAction::ImportRedone } else { AuditAction::ImportUndone };
    door.trust().note(&asker.caller, action, &format!("import/{}", import.id), &serde_json::json!({}), now).await?;
    Ok(fresh(StatusCode::OK, told(door, asker, of).await?))
}

/// Takes a whole import back: nothing of it counts any more.
#[utoipa::path(post, path = "/imports/{number}/undo", tag = "imports", params(("number" = i64, Path)),
    extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = Import), (status = "default", body = Problem)))]
async fn undo(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<Response, Fault> {
    set_standing(&door, &asker, &of, false).await
}

/// Takes the undo back.
#[utoipa::path(post, path = "/imports/{number}/redo", tag = "imports", params(("number" = i64, Path)),
    extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = Import), (status = "default", body = Problem)))]
async fn redo(State(door): State<Door>, asker: Asker, Path(of): Path<String>) -> Result<Response, Fault> {
    set_standing(&door, &asker, &of, true).await
}

/// What the columns of a file can mean.
#[utoipa::path(get, path = "/fields", tag = "imports", extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = Fields), (status = "default", body = Problem)))]
async fn fields(_: Asker) -> Response {
    let named = |name: &str, about: &str| Named { name: name.to_owned(), about: about.to_owned() };
    let about = |kind: ImportKind| match kind {
        ImportKind::Touches => "One row, one thing that happened.",
        ImportKind::Contacts => "One row, one person.",
        ImportKind::Posts => "One row, one post with its counts, or one day of an account.",
        ImportKind::Orders => "Orders, their lines, payments and refunds.",
        ImportKind::Costs => "Money paid for media, people and goods.",
        ImportKind::Reviews => "What customers said of what they bought.",
        ImportKind::Cases => "What customers wanted answered.",
    };
    let mut fields: Vec<Named> = Field::PLAIN.iter().map(|(_, name, about)| named(name, about)).collect();
    fields.extend([
        named("metric:NAME", "A platform's count, such as metric:reads."),
        named("metric:NAME@MEDIUM", "A count of one medium, in a table with a column a medium."),
        named("cost:MEDIUM", "Money spent on one medium, in a table with a column a medium."),
        named("consent:PURPOSE", "May we write to this person for this purpose."),
        named("attribute", "Kept with the row under the column's own name."),
        named("ignore", "Not read."),
    ]);
    let kinds = ImportKind::ALL.iter().map(|kind| named(kind.as_str(), about(*kind))).collect();
    fresh(StatusCode::OK, Fields { kinds, fields })
}

/// The mappings that were kept.
#[utoipa::path(get, path = "/mappings", tag = "imports", extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = Page<SavedMapping>), (status = "default", body = Problem)))]
async fn mappings(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let saved = door.store().journal.mappings(&asker.tenant.id).await?;
    let items = saved.into_iter().map(|(name, body)| {
        let kind = serde_json::from_str::<kith_channels::file::Mapping>(&body).map(|mapping| mapping.kind.to_string());
        SavedMapping { name, kind: kind.unwrap_or_default() }
    });
    Ok(fresh(StatusCode::OK, Page::whole(items.collect())))
}

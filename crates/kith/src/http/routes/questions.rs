//! Every question of the owner, by name: as JSON for the pages and as CSV for a spreadsheet.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kith_core::Language;
use kith_desk::measure::{self, AskQuery, QUESTIONS, ask as ask_desk};
use kith_lake::{Cell as SqlCell, ExportFormat, Session};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, Query};
use crate::http::figure::Answer;
use crate::http::page::Page;
use crate::http::problem::{Code, Fault, Problem};
use crate::http::when;

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(answer))
        .routes(routes!(report))
        .routes(routes!(sql))
        .routes(routes!(export))
}

/// A question that can be asked by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Question {
    name: String,
    about: String,
    /// By what it can be broken down, the first if nothing is said.
    by: Vec<String>,
    /// What it must or may be about: campaign, stage, or nothing.
    subject: Option<String>,
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AnswerAsk {
    /// A campaign for `campaign`, a stage for `contacts`.
    subject: Option<String>,
    /// First day.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Last day, inside.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<String>,
    /// One of day, week, month and one of the parts that the question knows, with a comma; or none.
    by: Option<String>,
    /// As if it were this time.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<String>,
    /// At most so many rows.
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<u32>,
}

/// Rows of an answer, where nothing is said.
const ROWS: u32 = 1_000;
const MOST_ROWS: u32 = 10_000;

/// The questions.
#[utoipa::path(get, path = "/questions", tag = "questions", extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Page<Question>), (status = "default", body = Problem)))]
async fn list(asker: Asker) -> Response {
    let items = QUESTIONS.iter().map(|question| Question {
        name: question.name.to_owned(),
        about: if asker.language == Language::Zh { question.zh } else { question.en }.to_owned(),
        by: question.by.split_whitespace().map(ToOwned::to_owned).collect(),
        subject: match question.name {
            "campaign" => Some("campaign".to_owned()),
            "contacts" => Some("stage".to_owned()),
            _ => None,
        },
    });
    fresh(StatusCode::OK, Page::whole(items.collect()))
}

/// Does the caller want a file for a spreadsheet?
fn wants_csv(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("");
    accept.split(',').next().is_some_and(|first| first.trim().starts_with("text/csv"))
}

/// The answer of a question; as CSV with `Accept: text/csv` or a name that ends in `.csv`.
#[utoipa::path(get, path = "/answers/{question}", tag = "questions", params(("question" = String, Path), AnswerAsk),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, content((Answer = "application/json"), (String = "text/csv"))), (status = "default", body = Problem)))]
async fn answer(
    State(door): State<Door>,
    asker: Asker,
    headers: HeaderMap,
    Path(name): Path<String>,
    Query(ask): Query<AnswerAsk>,
) -> Result<Response, Fault> {
    match name.strip_suffix(".csv") {
        Some(name) => csv(&door, &asker, name, &ask).await,
        None if wants_csv(&headers) => csv(&door, &asker, &name, &ask).await,
        None => json(&door, &asker, &headers, &name, &ask).await,
    }
}

/// The report of a campaign: every question of the owner by name.
#[utoipa::path(get, path = "/campaigns/{campaign}/report", tag = "campaigns", params(("campaign" = String, Path)),
    extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, content((Answer = "application/json"), (String = "text/csv"))), (status = "default", body = Problem)))]
async fn report(
    State(door): State<Door>,
    asker: Asker,
    headers: HeaderMap,
    Path(campaign): Path<String>,
) -> Result<Response, Fault> {
    let ask = AnswerAsk { subject: Some(campaign), from: None, until: None, by: None, as_of: None, limit: None };
    let answer = if wants_csv(&headers) {
        csv(&door, &asker, "campaign", &ask).await
    } else {
        json(&door, &asker, &headers, "campaign", &ask).await
    };
    // A campaign that nobody planned and no touch names is one that is not there.
    answer.map_err(|fault| if fault.field.as_deref() == Some("subject") { Fault::new(Code::NotFound) } else { fault })
}

fn query_of(name: &str, ask: &AnswerAsk) -> Result<AskQuery, Fault> {
    let day = |field: &str, text: &Option<String>| text.as_deref().map(|text| when::day(field, text)).transpose();
    Ok(AskQuery {
        name: name.to_owned(),
        subject: ask.subject.clone(),
        from: day("from", &ask.from)?,
        until: day("until", &ask.until)?,
        by: ask.by.clone(),
        limit: None,
    })
}

fn rows(ask: &AnswerAsk) -> Result<usize, Fault> {
    match ask.limit.unwrap_or(ROWS) {
        limit @ 1..=MOST_ROWS => Ok(limit as usize),
        _ => Err(Fault::new(Code::BadQuery).field("limit").detail(format!("`limit` is a number from 1 to {MOST_ROWS}"))),
    }
}

async fn asked(door: &Door, asker: &Asker, session: &Session, query: &AskQuery) -> Result<measure::Answer, Fault> {
    let config = &door.store().config;
    Ok(ask_desk(session, query, config.lifecycle, config.questions, asker.language).await?)
}

async fn json(door: &Door, asker: &Asker, headers: &HeaderMap, name: &str, ask: &AnswerAsk) -> Result<Response, Fault> {
    let (query, limit) = (query_of(name, ask)?, rows(ask)?);
    if let Some(as_of) = ask.as_of.as_deref() {
        let session = door.store().session(&asker.tenant, when::instant("as_of", as_of)?).await?;
        return Ok(fresh(StatusCode::OK, Answer::of(&asked(door, asker, &session, &query).await?, limit)));
    }
    door.with_picture(asker, headers, &format!("answer|{query:?}|{limit}"), |shown| {
        let query = &query;
        async move { Ok(Answer::of(&asked(door, asker, &shown.picture.session, query).await?, limit)) }
    })
    .await
}

async fn csv(door: &Door, asker: &Asker, name: &str, ask: &AnswerAsk) -> Result<Response, Fault> {
    let query = query_of(name, ask)?;
    let answer = match ask.as_of.as_deref() {
        Some(as_of) => {
            let session = door.store().session(&asker.tenant, when::instant("as_of", as_of)?).await?;
            asked(door, asker, &session, &query).await?
        }
        None => {
            let shown = door.picture(&asker.tenant).await?;
            asked(door, asker, &shown.picture.session, &query).await?
        }
    };
    // With a byte order mark spreadsheets read Chinese as Chinese.
    Ok(file(&format!("{}.csv", answer.question), "text/csv; charset=utf-8", format!("\u{feff}{}", answer.csv()).into_bytes()))
}

/// A file to be saved. Its name is one of ours, never one that somebody typed.
pub fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = (StatusCode::OK, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[derive(Deserialize, ToSchema)]
pub struct SqlBody {
    /// One SELECT, WITH, EXPLAIN, SHOW or DESCRIBE over the tables of the business.
    query: String,
    /// At most so many rows, 1 to 10000; 1000 if nothing is said.
    limit: Option<u32>,
}

/// Rows as the engine gives them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sheet {
    columns: Vec<SheetColumn>,
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Vec<serde_json::Value>>,
    /// Were there more rows?
    cut: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SheetColumn {
    name: String,
    /// text, whole, number, truth, instant, day or the engine's own name.
    #[serde(rename = "type")]
    kind: String,
}

fn cell_json(cell: &SqlCell) -> serde_json::Value {
    match cell {
        SqlCell::Empty => serde_json::Value::Null,
        // Beyond what a script's numbers can hold: as text, so that no digit is lost.
        SqlCell::Whole(value) if value.unsigned_abs() > (1 << 53) => value.to_string().into(),
        SqlCell::Whole(value) => (*value).into(),
        SqlCell::Number(value) => (*value).into(),
        SqlCell::Truth(value) => (*value).into(),
        SqlCell::Text(_) | SqlCell::Instant(_) => cell.to_string().into(),
    }
}

/// Asks the lake in SQL, read only, over the touches and records of the open business alone.
#[utoipa::path(post, path = "/sql", tag = "questions",
    extensions(("x-permission" = json!("export")), ("x-idempotency" = json!(false))), request_body = SqlBody,
    responses((status = 200, body = Sheet), (status = "default", body = Problem)))]
async fn sql(State(door): State<Door>, asker: Asker, Body(body): Body<SqlBody>) -> Result<Response, Fault> {
    let limit = match body.limit.unwrap_or(ROWS) {
        limit @ 1..=MOST_ROWS => limit as usize,
        _ => return Err(Fault::new(Code::Invalid).field("limit").detail(format!("`limit` is a number from 1 to {MOST_ROWS}"))),
    };
    let shown = door.picture(&asker.tenant).await?;
    let sheet = shown.picture.session.sql(&body.query, Some(limit)).await.map_err(|error| match error {
        // Names that are not there are found out only while it is planned.
        error @ kith_lake::LakeError::Query { .. } => Fault::invalid("query", &error),
        error => error.into(),
    })?;
    let columns = sheet.columns.iter().map(|(name, kind)| SheetColumn { name: name.clone(), kind: kind.clone() }).collect();
    let rows = sheet.rows.iter().map(|row| row.iter().map(cell_json).collect()).collect();
    Ok(fresh(StatusCode::OK, Sheet { columns, rows, cut: sheet.cut }))
}

/// The whole journal as a file: touches.csv or touches.parquet.
#[utoipa::path(get, path = "/export/{what}", tag = "questions", params(("what" = String, Path)),
    extensions(("x-permission" = json!("export"))),
    responses((status = 200, body = String, content_type = "application/octet-stream"), (status = "default", body = Problem)))]
async fn export(State(door): State<Door>, asker: Asker, Path(what): Path<String>) -> Result<Response, Fault> {
    let (format, kind, name) = match what.as_str() {
        "touches.csv" => (ExportFormat::Csv, "text/csv; charset=utf-8", "touches.csv"),
        "touches.parquet" => (ExportFormat::Parquet, "application/vnd.apache.parquet", "touches.parquet"),
        _ => return Err(Fault::new(Code::NotFound)),
    };
    let shown = door.picture(&asker.tenant).await?;
    let path = door.uploads().scratch(name).map_err(Fault::internal)?;
    let written = shown.picture.session.export("touches", path.path(), format).await;
    let rows = written?;
    let details = serde_json::json!({ "rows": rows, "file": name });
    let note = door.trust().note(&asker.caller, kith_desk::trust::AuditAction::DataExported, "touches", &details, door.now());
    note.await?;
    let mut response = path.stream().await.map_err(Fault::internal)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

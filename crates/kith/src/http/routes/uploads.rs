//! Files sent in pieces, and how they will be read before anything is imported.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kith_channels::file::{Delimiter, Field, ImportKind, OpenOptions};
use kith_core::{Channel, Currency, Instant};
use kith_desk::listen::{self, Guessed, Opened as DeskOpened};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path};
use crate::http::job::Refusal;
use crate::http::problem::{Code, Fault, Problem};
use crate::http::upload::{Note, Wanted};
use crate::http::when;

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(show, take, remove)).routes(routes!(read))
}

/// A file on its way in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upload {
    id: String,
    name: String,
    size: u64,
    /// How much has arrived: the next piece begins there.
    offset: u64,
    /// open, or complete when all has arrived.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Instant,
}

#[derive(Deserialize, ToSchema)]
pub struct UploadBody {
    /// The file's own name.
    name: String,
    /// In bytes.
    size: u64,
}

/// What a file would bring.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    upload: String,
    /// The standing import of the same bytes.
    known_import: Option<i64>,
    tables: Vec<OpenedTable>,
}

/// One table of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedTable {
    table: String,
    /// Its form: encoding, separator, sheet.
    facts: String,
    kind: String,
    /// The export that its columns look like.
    dialect: Option<String>,
    columns: Vec<OpenedColumn>,
    constants: BTreeMap<String, String>,
    /// What the guess was not sure of.
    doubts: Vec<String>,
    /// The first rows as touches and records, a line each.
    said: Vec<String>,
    refusals: Vec<Refusal>,
}

/// What a column was taken for.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedColumn {
    column: String,
    /// A dash where it is not read.
    field: String,
    /// 0 to 1; 0 where a person or a saved mapping said so.
    confidence: f64,
    why: String,
    example: String,
}

impl From<Guessed> for OpenedColumn {
    fn from(guessed: Guessed) -> Self {
        let Guessed { column, field, confidence, why, example } = guessed;
        Self { column, field, confidence, why, example }
    }
}

async fn told(door: &Door, note: &Note) -> Result<Upload, Fault> {
    let offset = door.uploads().arrived(note).await?;
    Ok(Upload {
        id: note.id.clone(),
        name: note.name.clone(),
        size: note.size,
        offset,
        state: if offset == note.size { "complete" } else { "open" }.to_owned(),
        expires_at: door.uploads().expires_at(note),
    })
}

/// Announces a file; its bytes follow in pieces.
#[utoipa::path(post, path = "/uploads", tag = "imports", extensions(("x-permission" = json!("import"))),
    request_body = UploadBody, responses((status = 201, body = Upload), (status = "default", body = Problem)))]
async fn begin(State(door): State<Door>, asker: Asker, Body(body): Body<UploadBody>) -> Result<Response, Fault> {
    let note = door.uploads().begin(&asker.tenant.id, &body.name, body.size, door.now()).await?;
    Ok(fresh(StatusCode::CREATED, told(&door, &note).await?))
}

/// How much of a file has arrived.
#[utoipa::path(get, path = "/uploads/{upload}", tag = "imports", params(("upload" = String, Path)),
    extensions(("x-permission" = json!("import"))),
    responses((status = 200, body = Upload), (status = "default", body = Problem)))]
async fn show(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<Response, Fault> {
    let note = door.uploads().find(&asker.tenant.id, &id).await?;
    Ok(fresh(StatusCode::OK, told(&door, &note).await?))
}

/// Sends the next piece of a file: at most 8 MiB, beginning at `Upload-Offset`. What is acknowledged is on the disk.
#[utoipa::path(patch, path = "/uploads/{upload}", tag = "imports",
    params(("upload" = String, Path), ("Upload-Offset" = u64, Header)),
    extensions(("x-permission" = json!("import"))),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload), (status = "default", body = Problem)))]
async fn take(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Fault> {
    let offset = headers.get("upload-offset").and_then(|offset| offset.to_str().ok()).and_then(|offset| offset.parse().ok());
    let offset = offset.ok_or_else(|| {
        Fault::new(Code::BadRequest).field("Upload-Offset").detail("the header Upload-Offset says where the piece begins")
    })?;
    let note = door.uploads().find(&asker.tenant.id, &id).await?;
    if door.jobs().is_busy(&note.id) {
        return Err(Fault::new(Code::Busy));
    }
    door.uploads().take(&note, offset, request.into_body().into_data_stream()).await?;
    Ok(fresh(StatusCode::OK, told(&door, &note).await?))
}

/// Gives a file up.
#[utoipa::path(delete, path = "/uploads/{upload}", tag = "imports", params(("upload" = String, Path)),
    extensions(("x-permission" = json!("import"))), responses((status = 204), (status = "default", body = Problem)))]
async fn remove(State(door): State<Door>, asker: Asker, Path(id): Path<String>) -> Result<StatusCode, Fault> {
    let note = door.uploads().find(&asker.tenant.id, &id).await?;
    if door.jobs().is_busy(&note.id) {
        return Err(Fault::new(Code::Busy));
    }
    door.uploads().remove(&note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the page says about a file, in the words of the desk.
async fn parse(door: &Door, asker: &Asker, wanted: &Wanted) -> Result<listen::Wanted, Fault> {
    let odd = |field: &str, what: String| Fault::new(Code::Invalid).field(field).detail(what);
    let kind = wanted.kind.as_deref().filter(|kind| !kind.is_empty()).map(|text| {
        ImportKind::parse(text).ok_or_else(|| {
            odd("kind", format!("`{text}` is not a kind: use touches, contacts, posts, orders, costs, reviews or cases"))
        })
    });
    let mapping = match wanted.mapping.as_deref().filter(|name| !name.is_empty()) {
        None => None,
        Some(name) => Some(listen::saved_mapping(door.store(), &asker.tenant, name).await?),
    };
    let field =
        |text: &str| Field::parse(text).map_err(|error| Fault::new(Code::BadMapping).field("columns").detail(error.to_string()));
    let delimiter = wanted.delimiter.as_deref().filter(|text| !text.is_empty()).map(|text| {
        Delimiter::parse(text).ok_or_else(|| odd("delimiter", format!("`{text}` is not a separator: use , ; | tab or space")))
    });
    let columns = wanted.columns.iter().map(|(column, to)| Ok((column.clone(), field(to)?)));
    let constants = wanted.constants.iter().map(|(to, value)| Ok((field(to)?, value.clone())));
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    Ok(listen::Wanted {
        kind: kind.transpose()?,
        mapping,
        columns: columns.collect::<Result<_, Fault>>()?,
        constants: constants.collect::<Result<_, Fault>>()?,
        channel: given(&wanted.channel)
            .map(|text| Channel::parse(&text).map_err(|error| Fault::invalid("channel", &error)))
            .transpose()?,
        export_time: given(&wanted.exported_at).map(|text| when::instant("exported_at", &text)).transpose()?,
        day_first: wanted.day_first,
        currency: given(&wanted.currency)
            .map(|text| Currency::parse(&text).map_err(|error| Fault::invalid("currency", &error)))
            .transpose()?,
        open: OpenOptions {
            delimiter: delimiter.transpose()?,
            encoding: given(&wanted.encoding),
            header: wanted.header,
            sheet: given(&wanted.sheet),
            ..OpenOptions::default()
        },
    })
}

/// Opens a file that has arrived whole, with what was last said about it.
pub async fn open(door: &Door, asker: &Asker, note: &Note) -> Result<DeskOpened, Fault> {
    if door.uploads().arrived(note).await? != note.size {
        return Err(Fault::new(Code::Incomplete));
    }
    let wanted = parse(door, asker, &note.wanted).await?;
    Ok(listen::open(door.store(), &asker.tenant, &door.uploads().path(note), &wanted).await?)
}

/// Says how a file shall be read, all of which may be left to guessing; shows what it would bring. Imports nothing.
#[utoipa::path(put, path = "/uploads/{upload}/reading", tag = "imports", params(("upload" = String, Path)),
    extensions(("x-permission" = json!("import"))), request_body = Wanted,
    responses((status = 200, body = Opened), (status = "default", body = Problem)))]
async fn read(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Fault> {
    let note = Note { wanted, ..door.uploads().find(&asker.tenant.id, &id).await? };
    let path = door.uploads().path(&note);
    let opened = open(&door, &asker, &note).await?;
    let previews = listen::preview(door.store(), &asker.tenant, opened).await?;
    let known = listen::known_import(door.store(), &asker.tenant, &path).await?;
    door.uploads().keep(&note).await?;
    let tables = previews.into_iter().map(|preview| OpenedTable {
        table: preview.table,
        facts: preview.facts,
        kind: preview.mapping.kind.to_string(),
        dialect: preview.mapping.dialect.clone(),
        columns: preview.columns.into_iter().map(OpenedColumn::from).collect(),
        constants: preview.mapping.constants.iter().map(|(field, value)| (field.to_string(), value.clone())).collect(),
        doubts: preview.doubts,
        said: preview.said,
        refusals: preview.refusals.iter().map(Refusal::from).collect(),
    });
    Ok(fresh(StatusCode::OK, Opened { upload: id, known_import: known, tables: tables.collect() }))
}

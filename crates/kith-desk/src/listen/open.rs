//! A file before it is imported: opened, its tables' first rows read, and a mapping found for each.

use std::path::{Path, PathBuf};

use kith_channels::file::{
    Chunk, Field, FileError, Guess, ImportKind, Mapping, MappingError, OpenOptions, Plan, PostTimes, Table, Yield, guess,
    open as open_tables,
};
use kith_core::{Channel, Currency, ImportId, Instant, Record, Refusal, Tenant, Touch};
use kith_journal::ImportState;
use serde::Serialize;

use super::import::ImportError;
use crate::store::{Store, StoreError};

/// What a person says about a file before it is read; all of it may be left to guessing.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub kind: Option<ImportKind>,
    /// Used as it is, before the corrections below.
    pub mapping: Option<Mapping>,
    /// Corrections: this column means that.
    pub columns: Vec<(String, Field)>,
    pub constants: Vec<(Field, String)>,
    pub channel: Option<Channel>,
    pub export_time: Option<Instant>,
    pub day_first: bool,
    pub currency: Option<Currency>,
    pub open: OpenOptions,
}

/// A file with its tables, ready to be imported or shown.
pub struct Opened {
    pub path: PathBuf,
    pub digest: String,
    pub export_time: Option<Instant>,
    pub tables: Vec<OpenedTable>,
}

/// One table of a file, with the mapping that will read it.
pub struct OpenedTable {
    pub table: Table,
    pub mapping: Mapping,
    /// What the guess was not sure of, in sentences.
    pub doubts: Vec<String>,
    pub columns: Vec<Guessed>,
    /// Chunks that were read to guess; the import begins with them.
    pub ahead: Vec<Chunk>,
}

/// What one column was taken for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guessed {
    pub column: String,
    pub field: String,
    /// 0 to 1; 0 where a person or a saved mapping said so.
    pub confidence: f64,
    pub why: String,
    /// The first value that is not empty.
    pub example: String,
}

/// What a file would bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    pub table: String,
    pub facts: String,
    pub mapping: Mapping,
    pub columns: Vec<Guessed>,
    pub doubts: Vec<String>,
    /// The first rows as touches and records, a line each.
    pub said: Vec<String>,
    pub refusals: Vec<Refusal>,
}

/// The standing import of the same bytes, if there is one.
pub async fn known_import(store: &Store, tenant: &Tenant, path: &Path) -> Result<Option<i64>, ImportError> {
    let digest = super::import::file_digest(path)?;
    let known = store.journal.find_import_by_digest(&tenant.id, &digest).await?;
    Ok(known.filter(|import| import.state == ImportState::Active).map(|import| import.id.0))
}

/// Opens a file and finds a mapping for each of its tables.
pub async fn open(store: &Store, tenant: &Tenant, path: &Path, wanted: &Wanted) -> Result<Opened, ImportError> {
    let digest = super::import::file_digest(path)?;
    let mut options = wanted.open.clone();
    super::import::limits(&store.config.import, &mut options);
    let tables = match open_tables(path, &options) {
        Ok(tables) => tables,
        Err(FileError::IsParquet) => vec![parquet_table(path)?],
        Err(error) => return Err(error.into()),
    };
    let most = store.config.import.most_columns;
    if let Some(wide) = tables.iter().find(|table| table.columns.len() > most as usize) {
        return Err(ImportError::TooWide { table: wide.name.clone(), columns: wide.columns.len(), most });
    }
    let guess_rows = store.config.import.guess_rows as usize;
    let wanted = &as_before(store, tenant, path, wanted).await?;
    let tables = tables.into_iter().map(|table| prepare(table, tenant, wanted, guess_rows)).collect::<Result<Vec<_>, _>>()?;
    Ok(Opened { path: path.to_owned(), digest, export_time: wanted.export_time, tables })
}

/// Rows that an import refused are read as that import read the others, unless somebody says how.
async fn as_before(store: &Store, tenant: &Tenant, path: &Path, wanted: &Wanted) -> Result<Wanted, ImportError> {
    let mut wanted = wanted.clone();
    let refused = super::refused::refused_by(&store.folder, path).filter(|_| wanted.mapping.is_none() && wanted.kind.is_none());
    if let Some((number, table)) = refused {
        let imports = store.journal.imports(&tenant.id).await?;
        let import = imports.into_iter().find(|import| import.id == ImportId(number));
        // An older Kith may have written it otherwise: then it is guessed like any other file.
        let mappings = import.and_then(|import| serde_json::from_str::<Vec<Mapping>>(&import.mapping_json).ok());
        wanted.mapping = mappings.and_then(|mappings| mappings.into_iter().nth(table));
    }
    Ok(wanted)
}

/// A Parquet file of somebody else, read by the lake, as a table like any other.
fn parquet_table(path: &Path) -> Result<Table, ImportError> {
    let rows = kith_lake::read_parquet(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let columns = rows.columns.clone();
    let width = columns.len();
    let mut next_row = 1;
    let shown = name.clone();
    let chunks = rows.map(move |batch| {
        let cells = batch.map_err(|error| FileError::Foreign { name: shown.clone(), source: Box::new(error) })?;
        let first = next_row;
        next_row += cells.len() as u64;
        Ok(Chunk::cells(first, width, cells))
    });
    Ok(Table::from_chunks(name, columns, chunks))
}

fn prepare(mut table: Table, tenant: &Tenant, wanted: &Wanted, guess_rows: usize) -> Result<OpenedTable, ImportError> {
    let mut ahead = Vec::new();
    let mut sample: Vec<Vec<String>> = Vec::new();
    while sample.len() < guess_rows {
        let Some(chunk) = table.next_chunk()? else {
            break;
        };
        chunk.each(|row| {
            if let Ok(row) = row
                && sample.len() < guess_rows
            {
                sample.push((0..table.columns.len()).map(|at| row.cell(at).to_owned()).collect());
            }
        });
        ahead.push(chunk);
    }
    let (mut mapping, guessed) = match &wanted.mapping {
        Some(mapping) => (mapping.clone(), None),
        None => {
            let guessed = guess(&table.columns, &sample, wanted.kind, tenant);
            (guessed.mapping.clone(), Some(guessed))
        }
    };
    if let Some(kind) = wanted.kind {
        mapping.kind = kind;
    }
    for (column, field) in &wanted.columns {
        if !table.columns.contains(column) {
            return Err(ImportError::NoColumn { column: column.clone(), columns: table.columns.join(", ") });
        }
        mapping.set(column, field.clone());
    }
    mapping.constants.extend(wanted.constants.iter().cloned());
    let settings = &mut mapping.settings;
    settings.channel = wanted.channel.clone().or(settings.channel.take());
    settings.export_time = wanted.export_time.or(settings.export_time);
    settings.currency = wanted.currency.or(settings.currency);
    settings.day_first |= wanted.day_first;
    let columns = explain(&table.columns, &sample, &mapping, guessed.as_ref());
    let doubts = guessed.map(|guessed| guessed.doubts).unwrap_or_default();
    Ok(OpenedTable { table, mapping, doubts, columns, ahead })
}

fn explain(columns: &[String], sample: &[Vec<String>], mapping: &Mapping, guessed: Option<&Guess>) -> Vec<Guessed> {
    let explained = columns.iter().enumerate().map(|(at, column)| {
        let field = mapping.columns.iter().find(|(name, _)| name == column).map(|(_, field)| field);
        let guess = guessed.and_then(|guessed| guessed.columns.get(at)).filter(|guess| Some(&guess.field) == field);
        let example = sample.iter().map(|row| row[at].trim()).find(|cell| !cell.is_empty()).unwrap_or("");
        Guessed {
            column: column.clone(),
            field: field.map_or_else(|| "–".to_owned(), ToString::to_string),
            confidence: guess.map_or(0.0, |guess| guess.confidence),
            why: guess
                .map_or_else(|| if field.is_some() { "you said so" } else { "not read" }.to_owned(), |guess| guess.why.clone()),
            example: example.chars().take(40).collect(),
        }
    });
    explained.collect()
}

/// Shows what each table would bring, from its first rows; imports nothing.
pub async fn preview(store: &Store, tenant: &Tenant, opened: Opened) -> Result<Vec<Preview>, ImportError> {
    let posts = super::import::post_times(store, tenant).await?;
    let mut previews = Vec::new();
    for opened in opened.tables {
        let said = first_rows(&opened, tenant, &posts, store.config.import.preview_rows as usize)?;
        previews.push(Preview {
            table: opened.table.name.clone(),
            facts: opened.table.facts.to_string(),
            mapping: opened.mapping,
            columns: opened.columns,
            doubts: opened.doubts,
            said: said
                .touches
                .iter()
                .map(|touch| touch_line(touch, tenant))
                .chain(said.records.iter().map(|(_, record)| record_line(record)))
                .collect(),
            refusals: said.refusals,
        });
    }
    Ok(previews)
}

fn first_rows(opened: &OpenedTable, tenant: &Tenant, posts: &PostTimes, count: usize) -> Result<Yield, MappingError> {
    let plan = Plan::new(&opened.mapping, &opened.table.columns, tenant, ImportId::BY_CALL, posts)?;
    let mut reader = plan.reader();
    let mut said = Yield::default();
    let mut left = count;
    for chunk in &opened.ahead {
        chunk.each(|row| {
            if left > 0 {
                left -= 1;
                match row {
                    Ok(row) => reader.read(row, &mut said),
                    Err(misfit) => said.refusals.push(misfit.refusal),
                }
            }
        });
    }
    Ok(said)
}

fn touch_line(touch: &Touch, tenant: &Tenant) -> String {
    let when =
        touch.at.map_or_else(|| "with its order".to_owned(), |at| tenant.calendar.local(at).format("%Y-%m-%d %H:%M").to_string());
    let money = touch.value.zip(touch.currency).map(|(minor, currency)| format!(" {}", kith_core::Money::new(minor, currency)));
    let parts = [
        touch.order.as_ref().map(|order| format!(" order {order}")),
        money,
        touch.medium.as_ref().map(|medium| format!(" by {medium}")),
        touch.campaign.as_ref().map(|campaign| format!(" of {campaign}")),
        touch.text.as_ref().map(|text| format!(" “{}”", text.chars().take(40).collect::<String>())),
    ];
    format!("{when} {} on {}{}", touch.kind, touch.channel, parts.into_iter().flatten().collect::<String>())
}

fn record_line(record: &Record) -> String {
    let body = serde_json::to_string(record).unwrap_or_default();
    format!("{}: {}", record.kind(), body.chars().take(120).collect::<String>())
}

/// Keeps a mapping under a name.
pub async fn save_mapping(store: &Store, tenant: &Tenant, name: &str, mapping: &Mapping) -> Result<(), StoreError> {
    let json = serde_json::to_string(mapping).unwrap_or_default();
    Ok(store.journal.put_mapping(&tenant.id, name, &json).await?)
}

/// The mapping kept under a name.
pub async fn saved_mapping(store: &Store, tenant: &Tenant, name: &str) -> Result<Mapping, ImportError> {
    let json = store.journal.mapping(&tenant.id, name).await?;
    let Some(json) = json else {
        let known: Vec<String> = store.journal.mappings(&tenant.id).await?.into_iter().map(|(name, _)| name).collect();
        return Err(ImportError::NoMapping { name: name.to_owned(), known: known.join(", ") });
    };
    serde_json::from_str(&json).map_err(|source| ImportError::BrokenMapping { name: name.to_owned(), source })
}

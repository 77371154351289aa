//! `kith sql` and `kith export`: the lake for an analyst.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use kith_desk::Access;
use kith_desk::measure::{AskQuery, QUESTIONS, ask};
use kith_lake::{Cell, ExportFormat, Sheet, write_parquet};

use super::args::{Export, Format, Sql};
use super::setting::Setting;
use super::table::table;

pub async fn sql(setting: &Setting, sql: Sql) -> anyhow::Result<()> {
    let query = match sql.query {
        Some(query) => query,
        None => {
            let mut query = String::new();
            std::io::stdin().read_to_string(&mut query).context("standard input")?;
            query
        }
    };
    let (store, tenant) = setting.open(Access::Read).await?;
    let session = store.session(&tenant, setting.now).await?;
    let sheet = session.sql(&query, Some(sql.limit)).await?;
    let header: Vec<String> = sheet.columns.iter().map(|(name, _)| name.clone()).collect();
    match setting.format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&objects(&sheet))?),
        Format::Csv => print!("{}", csv(&header, &texts(&sheet))),
        Format::Text => println!("{}", table(&header, &texts(&sheet))),
    }
    if sheet.cut {
        eprintln!(
            "kith: only the first {} rows are shown (--limit); `kith export` writes all of them to a file",
            sheet.rows.len()
        );
    }
    Ok(())
}

fn texts(sheet: &Sheet) -> Vec<Vec<String>> {
    sheet.rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

fn objects(sheet: &Sheet) -> Vec<serde_json::Map<String, serde_json::Value>> {
    let object =
        |row: &Vec<Cell>| sheet.columns.iter().zip(row).map(|((name, _), cell)| (name.clone(), cell_json(cell))).collect();
    sheet.rows.iter().map(object).collect()
}

fn cell_json(cell: &Cell) -> serde_json::Value {
    match cell {
        Cell::Empty => serde_json::Value::Null,
        Cell::Whole(value) => (*value).into(),
        Cell::Number(value) => (*value).into(),
        Cell::Truth(value) => (*value).into(),
        Cell::Text(_) | Cell::Instant(_) => cell.to_string().into(),
    }
}

/// Rows as CSV (RFC 4180), with cells that a spreadsheet would run made harmless.
pub fn csv(header: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        cells.join(",") + "\n"
    };
    std::iter::once(line(header)).chain(rows.iter().map(|row| line(row))).collect()
}

fn quoted(cell: &str) -> String {
    let cell = kith_channels::file::csv_safe(cell);
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.into_owned() }
}

pub async fn export(setting: &Setting, export: Export) -> anyhow::Result<()> {
    let format = format_of(&export.file)?;
    let (store, tenant) = setting.open(Access::Read).await?;
    let session = store.session(&tenant, setting.now).await?;
    let name = export.what.trim().to_lowercase();
    if QUESTIONS.iter().any(|question| question.name == name) {
        let query = AskQuery { name, ..AskQuery::default() };
        let answer = ask(&session, &query, store.config.lifecycle, store.config.questions, setting.language(&tenant)).await?;
        match format {
            // With a byte order mark spreadsheets read Chinese as Chinese.
            ExportFormat::Csv => std::fs::write(&export.file, format!("\u{feff}{}", answer.csv()))
                .with_context(|| format!("could not write {}", export.file.display()))?,
            ExportFormat::Parquet => write_parquet(&export.file, answer.plain_columns())?,
        }
        println!("{} rows written to {}", answer.rows.len(), export.file.display());
        return Ok(());
    }
    let rows = session.export(&export.what, &export.file, format).await?;
    println!("{rows} rows written to {}", export.file.display());
    Ok(())
}

fn format_of(file: &Path) -> anyhow::Result<ExportFormat> {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok(ExportFormat::Csv),
        Some("parquet") => Ok(ExportFormat::Parquet),
        _ => bail!("{}: the ending says how to write: use .csv or .parquet", file.display()),
    }
}

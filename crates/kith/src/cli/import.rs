//! `kith import` and what belongs to it: previews, the list of imports, undo and redo, appending, compacting.

use std::io::BufRead;
use std::path::Path;

use anyhow::{Context, bail};
use kith_channels::file::{Field, ImportKind, Mapping, OpenOptions};
use kith_core::{Channel, Currency, Instant, Tenant};
use kith_desk::listen::{self, Guessed, ImportReport, Opened, Wanted};
use kith_desk::{Access, Store};

use super::args::{Append, Format, Import};
use super::progress::Meter;
use super::setting::Setting;
use super::table::{table, visible};

pub async fn import(setting: &Setting, import: Import) -> anyhow::Result<()> {
    let access = if import.preview { Access::Read } else { Access::Write };
    let (store, tenant) = setting.open(access).await?;
    let mut reports: Vec<ImportReport> = Vec::new();
    for path in &import.files {
        let wanted = wanted(&store, &tenant, &import, setting).await?;
        if !import.preview
            && !import.again
            && let Some(known) = listen::known_import(&store, &tenant, path).await?
        {
            println!("{}: already imported (import {known}); nothing to do. --again imports it nevertheless.", path.display());
            continue;
        }
        let opened = listen::open(&store, &tenant, path, &wanted).await?;
        if import.preview {
            preview(setting, &store, &tenant, opened).await?;
            continue;
        }
        for guessed in &opened.tables {
            for doubt in &guessed.doubts {
                eprintln!("kith: {}: {}", path.display(), visible(doubt));
            }
        }
        let mapping = opened.tables.first().map(|guessed| guessed.mapping.clone());
        let report = import_one(&store, &tenant, opened, setting.now).await.with_context(|| path.display().to_string())?;
        if let (Some(name), Some(mapping)) = (&import.save_mapping, mapping) {
            listen::save_mapping(&store, &tenant, name, &mapping).await?;
        }
        if setting.format == Format::Text {
            print_report(&report, &tenant);
        }
        reports.push(report);
    }
    if !import.preview && setting.format == Format::Json {
        setting.json(&reports)?;
    }
    Ok(())
}

async fn import_one(store: &Store, tenant: &Tenant, opened: Opened, now: Instant) -> anyhow::Result<ImportReport> {
    let name = opened.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let meter = Meter::new(&name);
    let outcome =
        listen::import(store, tenant, opened, now, &|progress| meter.show(progress.rows, progress.bytes, progress.bytes_total))
            .await;
    meter.end();
    Ok(outcome?)
}

/// What the command line says about how to read the files.
async fn wanted(store: &Store, tenant: &Tenant, import: &Import, setting: &Setting) -> anyhow::Result<Wanted> {
    let kind = match &import.kind {
        None => None,
        Some(text) => {
            let kind = ImportKind::parse(text);
            Some(kind.with_context(|| {
                format!("`{text}` is not a kind: use touches, contacts, posts, orders, costs, reviews or cases")
            })?)
        }
    };
    let mapping = match &import.mapping {
        None => None,
        Some(name) => Some(mapping(store, tenant, name).await?),
    };
    let mut open = OpenOptions::default();
    if let Some(text) = &import.delimiter {
        open.delimiter = Some(
            kith_channels::file::Delimiter::parse(text)
                .with_context(|| format!("`{text}` is not a separator: use , ; | tab or space"))?,
        );
    }
    open.encoding.clone_from(&import.encoding);
    open.sheet.clone_from(&import.sheet);
    if import.no_header {
        open.header = Some(false);
    }
    Ok(Wanted {
        kind,
        mapping,
        columns: import.map.iter().map(|text| column(text)).collect::<anyhow::Result<_>>()?,
        constants: import.set.iter().map(|text| constant(text)).collect::<anyhow::Result<_>>()?,
        channel: import.channel.as_deref().map(Channel::parse).transpose().context("--channel")?,
        export_time: import
            .exported_at
            .as_deref()
            .map(|text| setting.time(Some(text), tenant))
            .transpose()
            .context("--exported-at")?,
        day_first: import.day_first,
        currency: import.currency.as_deref().map(Currency::parse).transpose().context("--currency")?,
        open,
    })
}

async fn mapping(store: &Store, tenant: &Tenant, name: &str) -> anyhow::Result<Mapping> {
    let path = Path::new(name);
    let ending = path.extension().and_then(|ending| ending.to_str());
    if !matches!(ending, Some("toml" | "json")) {
        return Ok(listen::saved_mapping(store, tenant, name).await?);
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("could not read the mapping {name}"))?;
    if ending == Some("toml") {
        toml::from_str(&text).with_context(|| format!("{name} is no mapping"))
    } else {
        serde_json::from_str(&text).with_context(|| format!("{name} is no mapping"))
    }
}

/// `COLUMN=FIELD`; a column's name may hold `=` itself, a field's does not.
fn column(text: &str) -> anyhow::Result<(String, Field)> {
    let Some((column, field)) = text.rsplit_once('=') else {
        bail!("--map {text}: write COLUMN=FIELD, such as 下单时间=at");
    };
    Ok((column.to_owned(), Field::parse(field)?))
}

fn constant(text: &str) -> anyhow::Result<(Field, String)> {
    let Some((field, value)) = text.split_once('=') else {
        bail!("--set {text}: write FIELD=VALUE, such as medium=weibo");
    };
    Ok((Field::parse(field)?, value.to_owned()))
}

async fn preview(setting: &Setting, store: &Store, tenant: &Tenant, opened: Opened) -> anyhow::Result<()> {
    let previews = listen::preview(store, tenant, opened).await?;
    if setting.json(&previews)? {
        return Ok(());
    }
    for preview in previews {
        println!("{}: read as {} ({})", visible(&preview.table), preview.mapping.kind.as_str(), visible(&preview.facts));
        let rows: Vec<Vec<String>> = preview.columns.iter().map(guessed_row).collect();
        println!("{}\n", table(&["their column", "read as", "sure", "why", "for instance"].map(str::to_owned), &rows));
        for doubt in &preview.doubts {
            println!("? {}", visible(doubt));
        }
        for line in &preview.said {
            println!("  {}", visible(line));
        }
        for refusal in &preview.refusals {
            println!("✗ row {}, {}: {}", refusal.row, visible(&refusal.column), visible(&refusal.reason));
        }
        println!("\nCorrect with --map COLUMN=FIELD or --set FIELD=VALUE; without --preview it is imported.");
    }
    Ok(())
}

fn guessed_row(guessed: &Guessed) -> Vec<String> {
    let sure = if guessed.confidence > 0.0 { format!("{:.0}%", guessed.confidence * 100.0) } else { String::new() };
    vec![guessed.column.clone(), guessed.field.clone(), sure, guessed.why.clone(), guessed.example.clone()]
}

fn print_report(report: &ImportReport, tenant: &Tenant) {
    println!(
        "import {}: {}: {} rows, {} touches, {} known already, {} other records, {} refused",
        report.import,
        visible(&report.file),
        report.rows,
        report.touches,
        report.duplicates,
        report.records,
        report.refused
    );
    if let (Some(first), Some(last)) = (report.first_at, report.last_at) {
        println!("  from {} to {}", tenant.calendar.day(first), tenant.calendar.day(last));
    }
    if report.passed_over > 0 {
        println!("  {} rows of totals or without content were passed over", report.passed_over);
    }
    for refusal in &report.refusals {
        println!(
            "  row {}, {}: `{}`: {}",
            refusal.row,
            visible(&refusal.column),
            visible(&refusal.value),
            visible(&refusal.reason)
        );
    }
    for path in &report.refused_paths {
        println!("  the refused rows lie in {}: correct them there and import that file", path.display());
    }
}

pub async fn list(setting: &Setting) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Read).await?;
    let imports = listen::imports(&store, &tenant).await?;
    if setting.json(&imports)? {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = imports
        .iter()
        .map(|import| {
            vec![
                import.number.to_string(),
                import.state.clone(),
                tenant.calendar.local(import.started_at).format("%Y-%m-%d %H:%M").to_string(),
                import.kind.clone(),
                import.rows.to_string(),
                import.touches.to_string(),
                import.refused.to_string(),
                import.file.clone(),
                import.why.clone().unwrap_or_default(),
            ]
        })
        .collect();
    println!(
        "{}",
        table(&["import", "state", "when", "kind", "rows", "touches", "refused", "file", "why"].map(str::to_owned), &rows)
    );
    Ok(())
}

pub async fn set_standing(setting: &Setting, import: i64, stands: bool) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Write).await?;
    let by = super::setting::environment("USER").unwrap_or_else(|| "somebody".to_owned());
    listen::set_standing(&store, &tenant, import, stands, &by, setting.now).await?;
    if stands {
        println!("import {import} counts again");
    } else {
        println!("import {import} is undone: nothing of it counts; `kith redo {import}` takes this back");
    }
    Ok(())
}

pub async fn compact(setting: &Setting) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Write).await?;
    let done = listen::compact(&store, &tenant).await?;
    if !setting.json(&done)? {
        println!("{} touches moved into files; {} files before, {} now", done.hot, done.files_before, done.files_after);
    }
    Ok(())
}

/// Reads JSON lines from standard input and says `ok N` when N touches of this run are durable.
pub async fn append(setting: &Setting, append: Append) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Write).await?;
    let batch = append.batch.max(1);
    let mut reader = listen::CallReader::new(&tenant);
    let mut durable = 0_u64;
    let mut lines: Vec<String> = Vec::with_capacity(batch);
    let mut number = 0_u64;
    let stdin = std::io::stdin().lock();
    for line in stdin.lines() {
        lines.push(line.context("standard input")?);
        number += 1;
        if lines.len() == batch {
            durable += send(&store, &tenant, &mut reader, &mut lines, number).await?;
            println!("ok {durable}");
        }
    }
    if !lines.is_empty() {
        durable += send(&store, &tenant, &mut reader, &mut lines, number).await?;
        println!("ok {durable}");
    }
    listen::after_calls(&store, &tenant, setting.now).await?;
    Ok(())
}

async fn send(
    store: &Store,
    tenant: &Tenant,
    reader: &mut listen::CallReader,
    lines: &mut Vec<String>,
    last: u64,
) -> anyhow::Result<u64> {
    let first = last + 1 - lines.len() as u64;
    let (count, refusals) = listen::append(store, tenant, reader, first, lines).await?;
    for refusal in refusals {
        eprintln!(
            "kith: line {}, {}: `{}`: {}",
            refusal.row,
            visible(&refusal.column),
            visible(&refusal.value),
            visible(&refusal.reason)
        );
    }
    lines.clear();
    Ok(count)
}

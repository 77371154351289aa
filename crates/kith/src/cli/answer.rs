//! `kith ask`: a question by name, its answer as text, JSON or CSV.

use kith_core::Language;
use kith_desk::Access;
use kith_desk::measure::{Answer, AskQuery, QUESTIONS, ask as ask_desk};

use super::args::{Ask, Format, Timeline};
use super::setting::Setting;
use super::table::{table, visible};

pub async fn ask(setting: &Setting, ask: Ask) -> anyhow::Result<()> {
    let Some(name) = ask.question else {
        return list(setting);
    };
    if name == "timeline" {
        let contact = ask.subject.unwrap_or_default();
        return super::contacts::timeline(setting, Timeline { contact, limit: ask.limit }).await;
    }
    let (store, tenant) = setting.open(Access::Read).await?;
    let as_of = setting.time(ask.as_of.as_deref(), &tenant)?;
    let session = store.session(&tenant, as_of).await?;
    let day = |text: Option<&String>| text.map(|text| setting.day(text, &tenant)).transpose();
    let query = AskQuery {
        name,
        subject: ask.subject,
        from: day(ask.from.as_ref())?,
        until: day(ask.until.as_ref())?,
        by: ask.by,
        limit: ask.limit,
    };
    let answer = ask_desk(&session, &query, store.config.lifecycle, store.config.questions, setting.language(&tenant)).await?;
    match setting.format {
        Format::Json => println!("{}", serde_json::to_string_pretty(&answer)?),
        Format::Csv => print!("{}", answer.csv()),
        Format::Text => print!("{}", text(&answer, ask.how)),
    }
    Ok(())
}

fn text(answer: &Answer, how: bool) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let _ = writeln!(out, "{}\n", visible(&answer.title));
    let _ = writeln!(out, "{}", table(&answer.header(), &answer.text_rows()));
    if how {
        let _ = writeln!(out);
        for column in answer.columns.iter().filter(|column| !column.method.is_empty()) {
            let claim = column.claim.map_or("", kith_core::Claim::as_str);
            let _ = writeln!(out, "{} ({claim}): {}", column.title, column.method);
        }
    }
    for note in &answer.notes {
        let _ = writeln!(out, "\n{}", visible(note));
    }
    let claims: Vec<&str> = answer.columns.iter().filter_map(|column| column.claim).map(kith_core::Claim::as_str).collect();
    if !how && claims.contains(&"correlated") {
        let _ = writeln!(out, "\nCredits are correlations, not causes; --how says how each figure was computed.");
    }
    out
}

fn list(setting: &Setting) -> anyhow::Result<()> {
    if setting.json(&QUESTIONS)? {
        return Ok(());
    }
    let zh = setting.language == Some(Language::Zh);
    let rows: Vec<Vec<String>> = QUESTIONS
        .iter()
        .map(|question| {
            let about = if zh { question.zh } else { question.en };
            vec![question.name.to_owned(), about.to_owned(), question.by.replace(' ', ", ")]
        })
        .collect();
    println!("{}", table(&["question", "about", "--by"].map(str::to_owned), &rows));
    println!("\nkith ask QUESTION [SUBJECT] --from DAY --until DAY --by … --format text|json|csv; kith ask timeline CONTACT");
    Ok(())
}

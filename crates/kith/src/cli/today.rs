//! `kith today`: the few things to do this morning.

use anyhow::Context;
use kith_core::{Language, Tenant};
use kith_desk::Access;
use kith_desk::today::{Morning, Rule, morning};

use super::args::Today;
use super::setting::Setting;
use super::table::visible;

/// Lines of evidence of an action: in the morning, and where one rule is asked for.
const FEW: u32 = 3;
const ALL: u32 = 10_000;

pub async fn today(setting: &Setting, today: Today) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Read).await?;
    let as_of = setting.time(today.as_of.as_deref(), &tenant)?;
    let language = setting.language(&tenant);
    let rule = match today.rule.as_deref() {
        None => None,
        Some(name) => Some(
            Rule::parse(name)
                .with_context(|| format!("`{name}` is no rule: use one of {}", Rule::ALL.map(Rule::as_str).join(", ")))?,
        ),
    };
    let mut morning = morning(&store, &tenant, as_of, language, if rule.is_some() { ALL } else { FEW }).await?;
    if let Some(rule) = rule {
        morning.actions.retain(|action| action.rule == rule);
        morning.went_well.clear();
        morning.held_back = 0;
    }
    if !setting.json(&morning)? {
        print!("{}", text(&morning, &tenant, language, if rule.is_some() { ALL } else { FEW }));
    }
    Ok(())
}

/// The morning as a person reads it.
pub fn text(morning: &Morning, tenant: &Tenant, language: Language, evidence: u32) -> String {
    use std::fmt::Write;
    let zh = language == Language::Zh;
    let day = tenant.calendar.day(morning.as_of);
    let mut out = String::new();
    let _ = writeln!(out, "{} · {day}\n", visible(&tenant.name));
    if morning.actions.is_empty() {
        let _ = writeln!(out, "{}", if zh { "今天没有必须做的事。" } else { "Nothing needs you this morning." });
    }
    for (n, action) in morning.actions.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", n + 1, visible(&action.what));
        let _ = writeln!(out, "   {}", visible(&action.reason));
        for line in action.evidence.iter().take(evidence as usize) {
            let _ = writeln!(out, "   · {}", visible(line));
        }
        let _ = writeln!(out, "   → {}\n", visible(&action.command));
    }
    if morning.held_back > 0 {
        let more = if zh { format!("另有 {} 项。", morning.held_back) } else { format!("And {} more.", morning.held_back) };
        let _ = writeln!(out, "{more}");
    }
    if !morning.went_well.is_empty() {
        let _ = writeln!(out, "{}", if zh { "做得好的：" } else { "Went well:" });
        for line in &morning.went_well {
            let _ = writeln!(out, "   + {line}");
        }
    }
    out
}

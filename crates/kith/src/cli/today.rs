//! `kith today`: the few things to do this morning.

use kith_core::{Language, Tenant};
use kith_desk::Access;
use kith_desk::today::{Morning, morning};

use super::args::Today;
use super::setting::Setting;
use super::table::visible;

pub async fn today(setting: &Setting, today: Today) -> anyhow::Result<()> {
    let (store, tenant) = setting.open(Access::Read).await?;
    let as_of = setting.time(today.as_of.as_deref(), &tenant)?;
    let language = setting.language(&tenant);
    let morning = morning(&store, &tenant, as_of, language).await?;
    if !setting.json(&morning)? {
        print!("{}", text(&morning, &tenant, language));
    }
    Ok(())
}

/// The morning as a person reads it.
pub fn text(morning: &Morning, tenant: &Tenant, language: Language) -> String {
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
        for line in action.evidence.iter().take(3) {
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

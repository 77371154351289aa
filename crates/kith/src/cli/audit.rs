//! `kith audit`: what was done, by whom and from where.

use anyhow::Context;
use kith_desk::trust::{AuditAction, AuditAsk, AuditEntry};

use super::args::Audit;
use super::setting::Setting;
use super::table::table;

pub async fn audit(setting: &Setting, args: Audit) -> anyhow::Result<()> {
    let (trust, caller) = setting.open_trust().await?;
    let action = match args.action.as_deref() {
        None => None,
        Some(text) => {
            let words = || AuditAction::ALL.iter().map(|action| action.as_str()).collect::<Vec<_>>().join(", ");
            Some(AuditAction::parse(text).with_context(|| format!("`{text}` is not an action: use one of {}", words()))?)
        }
    };
    let ask = AuditAsk { before: args.before, limit: args.limit, action, who: None };
    let page = if args.of_store { trust.audit_log_of_store(&ask).await? } else { trust.audit_log(&caller, &ask).await? };
    if setting.json(&page)? {
        return Ok(());
    }
    let row = |entry: &AuditEntry| {
        vec![
            entry.number.to_string(),
            entry.at.to_string(),
            entry.who_name.as_ref().map_or_else(|| entry.who.clone(), |name| format!("{name} ({})", entry.who)),
            entry.action.as_str().to_owned(),
            entry.on.clone(),
            if entry.details.is_null() { String::new() } else { entry.details.to_string() },
            entry.address.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = page.entries.iter().map(row).collect();
    println!("{}", table(&["line", "at", "who", "did", "on", "details", "from"].map(str::to_owned), &rows));
    if let Some(next) = page.next {
        println!("\nMore: `kith audit --before {next}`");
    }
    Ok(())
}

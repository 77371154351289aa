//! `kith doctor`: is the store sound, and what to do if not.

use std::process::ExitCode;

use kith_desk::Access;
use kith_desk::doctor::examine;
use kith_desk::trust::{Randomness, Trust};

use super::args::{Doctor, Format};
use super::setting::{Setting, environment};

pub async fn doctor(setting: &Setting, doctor: Doctor) -> anyhow::Result<ExitCode> {
    let store = setting.open_store(Access::Read).await?;
    let mut findings = examine(&store, None, doctor.deep).await?;
    findings.extend(Trust::open(&store, environment, Randomness::system()).await?.examine().await?);
    if setting.format == Format::Json {
        setting.json(&findings)?;
    } else {
        for finding in &findings {
            println!("{} {}", if finding.sound { "✓" } else { "✗" }, finding.what);
            if !finding.advice.is_empty() {
                println!("  → {}", finding.advice);
            }
        }
    }
    Ok(if findings.iter().all(|finding| finding.sound) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! The doctor: is the store sound, and if not, what to do.

use kith_core::Tenant;
use serde::Serialize;

use crate::listen::catalogue::lake_file;
use crate::store::{Store, StoreError};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub sound: bool,
    /// What was looked at, and what was seen.
    pub what: String,
    /// What to do; empty where all is well.
    pub advice: String,
}

impl Finding {
    pub(crate) fn good(what: String) -> Self {
        Self { sound: true, what, advice: String::new() }
    }

    pub(crate) fn bad(what: String, advice: &str) -> Self {
        Self { sound: false, what, advice: advice.to_owned() }
    }
}

/// Looks at everything, or at the database and `only` one tenant's files; `deep` reads every byte of every file.
pub async fn examine(store: &Store, only: Option<&Tenant>, deep: bool) -> Result<Vec<Finding>, StoreError> {
    let mut findings: Vec<Finding> = Vec::new();
    if only.is_none() {
        findings.extend(store.repairs.iter().map(|repair| Finding::good(format!("put right: {repair}"))));
    }
    if store.read_only {
        findings
            .push(Finding::good("this folder may only be read: questions are answered, and nothing can be imported".to_owned()));
    }
    let faults = store.journal.integrity_check().await?;
    if faults.is_empty() {
        findings.push(Finding::good(format!(
            "database ({:?}, schema {}): sound",
            store.journal.engine(),
            store.journal.schema_version().await?
        )));
    }
    for fault in faults {
        findings.push(Finding::bad(
            format!("database: {fault}"),
            "restore the last backup of the store's folder, then import what came since",
        ));
    }
    let tenants = match only {
        Some(tenant) => vec![tenant.clone()],
        None => store.journal.tenants().await?,
    };
    for tenant in tenants {
        examine_tenant(store, &tenant, deep, &mut findings).await?;
    }
    if only.is_none() {
        findings.extend(crate::trust::examine_logs(store).await?);
    }
    Ok(findings)
}

async fn examine_tenant(store: &Store, tenant: &Tenant, deep: bool, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let id = &tenant.id;
    let catalogue = store.journal.catalogue(id).await?;
    let files = catalogue.files.iter().map(lake_file).collect::<Result<Vec<_>, _>>()?;
    let rows: u64 = files.iter().map(|file| file.rows).sum();
    let visible: u64 = files.iter().map(kith_lake::LakeFile::visible_rows).sum();
    let faults = tokio::task::block_in_place(|| store.lake.verify(&files, deep));
    if faults.is_empty() {
        let how = if deep { "every byte as it was written" } else { "sizes and footers as they were written" };
        findings.push(Finding::good(format!("{id}: {} files with {rows} rows, {visible} of them visible: {how}", files.len())));
    }
    for fault in faults {
        findings.push(Finding::bad(
            format!("{id}: {fault}"),
            "put the file back from a backup; or `kith undo` the import that wrote it and import its file again",
        ));
    }
    let hot = store.journal.hot_count(id).await?;
    let limit = u64::from(store.config.compaction.hot_rows);
    if hot > limit {
        findings.push(Finding::bad(
            format!("{id}: {hot} touches wait for compaction"),
            "run `kith compact`: questions become faster",
        ));
    } else {
        findings.push(Finding::good(format!("{id}: {hot} touches wait for compaction (from {limit} on it is worth it)")));
    }
    let refused: u64 = store.journal.refused(id).await?.iter().map(|import| import.counts.refused).sum();
    if refused > 0 {
        findings.push(Finding::good(format!("{id}: {refused} refused rows wait to be put right: `kith imports`")));
    }
    Ok(())
}

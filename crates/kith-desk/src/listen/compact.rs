//! Compaction: hot touches become files, and many small files of a month become one.
//!
//! Each step is one transaction of the journal: the new file comes into the catalogue as the old rows or files go out of it. A
//! question sees the one or the other. Files that went out stay on disk until nobody can be reading them (the next writer's start).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kith_core::{Month, Tenant};
use kith_journal::{CatalogueFile, FileReplacement, HotKey};

use super::catalogue::{lake_file, new_file, settle, standing};
use crate::store::{Store, StoreError};

/// What a compaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Compacted {
    /// Touches that lay in the database and lie in files now.
    pub hot: u64,
    pub files_before: usize,
    pub files_after: usize,
}

/// Moves all hot touches of a tenant into files, then joins the small files of each month that has too many.
pub async fn compact(store: &Store, tenant: &Tenant) -> Result<Compacted, StoreError> {
    let before = store.journal.catalogue(&tenant.id).await?.files.len();
    let hot = move_hot(store, tenant).await?;
    join_small_files(store, tenant).await?;
    let after = store.journal.catalogue(&tenant.id).await?.files.len();
    Ok(Compacted { hot, files_before: before, files_after: after })
}

async fn move_hot(store: &Store, tenant: &Tenant) -> Result<u64, StoreError> {
    let hot = store.journal.hot(&tenant.id).await?;
    if hot.is_empty() {
        return Ok(0);
    }
    let catalogue = store.journal.catalogue(&tenant.id).await?;
    let imports = standing(store, &tenant.id).await?;
    let (files, settled) = tokio::task::block_in_place(|| {
        let mut files = store.lake.write_hot(&tenant.id, &hot)?;
        let settled = settle(&store.lake, &catalogue, &mut files, &HashSet::new(), &BTreeSet::new(), &imports);
        settled.map(|settled| (files, settled))
    })?;
    // Exactly these: a touch that was appended, or that a newer version replaced, in the meantime stays hot.
    let keys: Vec<HotKey> = hot.iter().map(HotKey::of).collect();
    let into: Vec<_> = files.iter().map(|file| new_file(file, 0)).collect();
    let change = FileReplacement {
        tenant: &tenant.id,
        catalogue_version: catalogue.version,
        out: &[],
        into: &into,
        hidden: &settled.changes,
        delete_hot: &keys,
    };
    store.journal.replace_files(&change).await?;
    Ok(hot.len() as u64)
}

async fn join_small_files(store: &Store, tenant: &Tenant) -> Result<(), StoreError> {
    let rules = store.config.compaction;
    let catalogue = store.journal.catalogue(&tenant.id).await?;
    let mut small: BTreeMap<Month, Vec<&CatalogueFile>> = BTreeMap::new();
    for file in catalogue.files.iter().filter(|file| file.file.rows < u64::from(rules.merged_file_rows)) {
        small.entry(file.file.month).or_default().push(file);
    }
    for (month, files) in small.into_iter().filter(|(_, files)| files.len() >= rules.merge_files.max(2) as usize) {
        join(store, tenant, month, &files).await?;
    }
    Ok(())
}

/// Joins some files of one month into one (or a few, if together they are too large).
async fn join(store: &Store, tenant: &Tenant, month: Month, files: &[&CatalogueFile]) -> Result<(), StoreError> {
    // The catalogue moves with every month that was joined before this one.
    let catalogue = store.journal.catalogue(&tenant.id).await?;
    let imports = standing(store, &tenant.id).await?;
    let old = files.iter().map(|file| lake_file(file)).collect::<Result<Vec<_>, _>>()?;
    let out: Vec<_> = files.iter().map(|file| file.id).collect();
    let gone: HashSet<i64> = out.iter().map(|id| id.0).collect();
    let generation = files.iter().map(|file| file.file.generation).max().unwrap_or(0) + 1;
    let (into, settled) = tokio::task::block_in_place(|| {
        let mut into = store.lake.merge_files(&tenant.id, month, &old)?;
        let settled = settle(&store.lake, &catalogue, &mut into, &gone, &BTreeSet::new(), &imports);
        settled.map(|settled| (into, settled))
    })?;
    let into: Vec<_> = into.iter().map(|file| new_file(file, generation)).collect();
    let change = FileReplacement {
        tenant: &tenant.id,
        catalogue_version: catalogue.version,
        out: &out,
        into: &into,
        hidden: &settled.changes,
        delete_hot: &[],
    };
    store.journal.replace_files(&change).await?;
    Ok(())
}

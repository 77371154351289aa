//! Between the two walls: the journal's catalogue and the lake's files are the same files, each in its own words.
//!
//! And the one rule of visibility: after any change of which imports stand or which files there are, the months concerned are
//! settled again from scratch, and the journal takes the new bitmaps in the same transaction as the change.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kith_core::{ImportId, Month, TenantId};
use kith_journal::{Catalogue, CatalogueFile, HiddenChange, ImportState, NewFile};
use kith_lake::{HiddenRows, Lake, LakeFile};

use crate::store::{Store, StoreError};

/// The lake's view of a file of the catalogue.
pub fn lake_file(file: &CatalogueFile) -> Result<LakeFile, StoreError> {
    let hidden = match &file.file.hidden {
        None => None,
        Some(bytes) => Some(HiddenRows::from_bytes(bytes).ok_or_else(|| StoreError::Bitmap { path: file.file.path.clone() })?),
    };
    Ok(LakeFile {
        path: file.file.path.clone(),
        month: file.file.month,
        rows: file.file.rows,
        bytes: file.file.bytes,
        digest: file.file.digest.clone(),
        import: file.file.import,
        first_at: file.file.first_at,
        last_at: file.file.last_at,
        min_identity: file.file.min_identity,
        max_identity: file.file.max_identity,
        hidden,
    })
}

/// The catalogue's row for a file that the lake has written. `generation` counts how often its rows were joined into larger files.
#[must_use]
pub fn new_file(file: &LakeFile, generation: i64) -> NewFile {
    NewFile {
        path: file.path.clone(),
        month: file.month,
        rows: file.rows,
        bytes: file.bytes,
        digest: file.digest.clone(),
        import: file.import,
        generation,
        hidden: file.hidden.as_ref().map(HiddenRows::to_bytes),
        first_at: file.first_at,
        last_at: file.last_at,
        min_identity: file.min_identity,
        max_identity: file.max_identity,
    }
}

/// The imports that stand, and "by call", which always does.
pub async fn standing(store: &Store, tenant: &TenantId) -> Result<HashSet<ImportId>, StoreError> {
    let imports = store.journal.imports(tenant).await?;
    let active = imports.into_iter().filter(|import| import.state == ImportState::Active).map(|import| import.id);
    Ok(active.chain([ImportId::BY_CALL]).collect())
}

/// What settling some months changes.
#[derive(Debug, Default)]
pub struct Settled {
    /// New bitmaps of files that the catalogue has already, where they differ from the old.
    pub changes: Vec<HiddenChange>,
    /// How many rows of the new files are hidden because somebody else says the same.
    pub doubles: u64,
}

/// Settles the months of `added` (files not yet in the catalogue, whose bitmaps are set here) and `months`, without the files in
/// `gone`, for the imports that stand.
pub fn settle(
    lake: &Lake,
    catalogue: &Catalogue,
    added: &mut [LakeFile],
    gone: &HashSet<i64>,
    months: &BTreeSet<Month>,
    standing: &HashSet<ImportId>,
) -> Result<Settled, StoreError> {
    let mut of_month: BTreeMap<Month, (Vec<&CatalogueFile>, Vec<&mut LakeFile>)> =
        months.iter().map(|month| (*month, Default::default())).collect();
    for file in added.iter_mut() {
        of_month.entry(file.month).or_default().1.push(file);
    }
    for file in catalogue.files.iter().filter(|file| !gone.contains(&file.id.0)) {
        if let Some((old, _)) = of_month.get_mut(&file.file.month) {
            old.push(file);
        }
    }
    let mut settled = Settled::default();
    for (old, new) in of_month.into_values() {
        settle_month(lake, &old, new, standing, &mut settled)?;
    }
    Ok(settled)
}

fn settle_month(
    lake: &Lake,
    old: &[&CatalogueFile],
    new: Vec<&mut LakeFile>,
    standing: &HashSet<ImportId>,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    let mut files = old.iter().map(|file| lake_file(file)).collect::<Result<Vec<_>, _>>()?;
    files.extend(new.iter().map(|file| (**file).clone()));
    let mut hidden = lake.settle(&files, |import| standing.contains(&import))?.into_iter();
    for (file, before) in old.iter().zip(&files) {
        let after = hidden.next().flatten();
        if after != before.hidden {
            settled.changes.push(HiddenChange { file: file.id, hidden: after.as_ref().map(HiddenRows::to_bytes) });
        }
    }
    for (file, after) in new.into_iter().zip(hidden) {
        settled.doubles += after.as_ref().map_or(0, HiddenRows::len);
        file.hidden = after;
    }
    Ok(())
}

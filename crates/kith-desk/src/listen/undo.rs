//! Taking a whole import back, and taking that back.
//!
//! An import that no longer stands is hidden, not deleted: its rows stay in their files, and what other imports say of the same
//! events comes to the front again.

use std::collections::{BTreeSet, HashSet};

use kith_core::{ImportId, Instant, Month, Tenant};
use kith_journal::{ImportState, StandingChange};

use super::catalogue::{settle, standing};
use crate::identity::merges;
use crate::store::{Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("there is no import {0}: `kith imports` lists them")]
    NoImport(i64),
    #[error("import {0} is undone already")]
    AlreadyUndone(i64),
    #[error("import {0} counts already")]
    AlreadyStands(i64),
    #[error("import {number} never counted: it was {state}; import the file again")]
    NeverCounted { number: i64, state: &'static str },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<kith_journal::JournalError> for UndoError {
    fn from(error: kith_journal::JournalError) -> Self {
        Self::Store(error.into())
    }
}

/// Makes an import count (`stands`) or not, with everything that it brought, in one transaction; then judges merges again.
pub async fn set_standing(
    store: &Store,
    tenant: &Tenant,
    number: i64,
    stands: bool,
    by: &str,
    now: Instant,
) -> Result<(), UndoError> {
    let id = ImportId(number);
    let import =
        store.journal.imports(&tenant.id).await?.into_iter().find(|import| import.id == id).ok_or(UndoError::NoImport(number))?;
    match (import.state, stands) {
        (ImportState::Active, false) | (ImportState::Undone, true) => {}
        (ImportState::Active, true) => return Err(UndoError::AlreadyStands(number)),
        (ImportState::Undone, false) => return Err(UndoError::AlreadyUndone(number)),
        (state, _) => return Err(UndoError::NeverCounted { number, state: state.as_str() }),
    }
    let catalogue = store.journal.catalogue(&tenant.id).await?;
    let mut imports = standing(store, &tenant.id).await?;
    if stands {
        imports.insert(id);
    } else {
        imports.remove(&id);
    }
    // A file that was joined from several no longer says whose rows it has: its month is settled too.
    let touched = catalogue.files.iter().filter(|file| file.file.import.is_none_or(|import| import == id));
    let months: BTreeSet<Month> = touched.map(|file| file.file.month).collect();
    let settled = tokio::task::block_in_place(|| settle(&store.lake, &catalogue, &mut [], &HashSet::new(), &months, &imports))?;
    let change = StandingChange {
        import: id,
        tenant: &tenant.id,
        stands,
        catalogue_version: catalogue.version,
        hidden: &settled.changes,
        at: now,
        by,
    };
    store.journal.set_standing(&change).await?;
    merges::judge_again(store, tenant, now).await?;
    Ok(())
}

//! The imports of a tenant, as a person sees them.

use kith_core::{Instant, Tenant};
use serde::Serialize;

use crate::store::{Store, StoreError};

/// One import in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    pub number: i64,
    pub state: String,
    pub file: String,
    pub kind: String,
    pub started_at: Instant,
    pub rows: u64,
    pub touches: u64,
    pub refused: u64,
    /// Where its refused rows wait to be put right.
    pub refused_path: Option<String>,
    /// Why it failed.
    pub why: Option<String>,
}

/// All imports, oldest first.
pub async fn imports(store: &Store, tenant: &Tenant) -> Result<Vec<Listed>, StoreError> {
    let imports = store.journal.imports(&tenant.id).await?;
    let listed = imports.into_iter().map(|import| Listed {
        number: import.id.0,
        state: import.state.as_str().to_owned(),
        file: import.file_name,
        kind: import.kind,
        started_at: import.started_at,
        rows: import.counts.rows,
        touches: import.counts.touches,
        refused: import.counts.refused,
        refused_path: import.refused_path,
        why: import.why,
    });
    Ok(listed.collect())
}

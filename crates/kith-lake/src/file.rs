//! One file of the lake, as the catalogue knows it.

use kith_core::{IdentityId, ImportId, Instant, Month};

use crate::HiddenRows;

/// A Parquet file of touches: never changed once it is written. What the writer gives, the catalogue keeps and a question reads.
#[derive(Debug, Clone, PartialEq)]
pub struct LakeFile {
    /// Relative to the folder of the lake: `tea/2026-11/0f3a….parquet`.
    pub path: String,
    pub month: Month,
    pub rows: u64,
    pub bytes: u64,
    /// BLAKE3 of the file's bytes, 64 hexadecimal digits; the file's name has the first 24.
    pub digest: String,
    /// The import that brought every row; `None` where several did.
    pub import: Option<ImportId>,
    /// Of the rows that have a time.
    pub first_at: Option<Instant>,
    pub last_at: Option<Instant>,
    pub min_identity: IdentityId,
    pub max_identity: IdentityId,
    /// Rows that no question may see; `None` for a file just written.
    pub hidden: Option<HiddenRows>,
}

impl LakeFile {
    /// How many rows a question may see.
    #[must_use]
    pub fn visible_rows(&self) -> u64 {
        self.rows.saturating_sub(self.hidden.as_ref().map_or(0, HiddenRows::len))
    }
}

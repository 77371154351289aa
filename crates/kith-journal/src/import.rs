//! Imports: what was read from which file, and whether it counts.

use std::fmt;

use kith_core::{ImportId, Instant, TenantId};

use crate::sql::{Row, args};
use crate::{Journal, JournalError};

/// What is known of an import before its first row is read.
#[derive(Debug, Clone)]
pub struct NewImport {
    pub tenant: TenantId,
    pub file_name: String,
    /// Of the file's bytes, in hexadecimal.
    pub file_digest: String,
    /// What the file holds: `touches`, `orders`…
    pub kind: String,
    pub mapping_json: String,
    /// When the file was exported, where somebody said so.
    pub as_of: Option<Instant>,
    pub started_at: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Begun and not committed: nothing of it is seen.
    Running,
    /// It stands: what it brought counts.
    Active,
    /// Taken back by a person; it can be brought back.
    Undone,
    Failed,
    /// Its process ended before the commit. Nothing of it was ever seen.
    Interrupted,
}

impl ImportState {
    const ALL: [Self; 5] = [Self::Running, Self::Active, Self::Undone, Self::Failed, Self::Interrupted];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Active => "active",
            Self::Undone => "undone",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for ImportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What became of the rows of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    pub rows: u64,
    pub touches: u64,
    /// Touches that were known already.
    pub duplicates: u64,
    pub refused: u64,
    /// Rows left out on purpose: empty ones, sums, comments.
    pub passed_over: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    pub id: ImportId,
    pub state: ImportState,
    pub file_name: String,
    pub file_digest: String,
    pub kind: String,
    pub mapping_json: String,
    pub as_of: Option<Instant>,
    pub started_at: Instant,
    /// When it was committed, failed, or was found interrupted.
    pub ended_at: Option<Instant>,
    pub counts: ImportCounts,
    /// Where the refused rows lie, to be corrected and imported alone.
    pub refused_path: Option<String>,
    /// Why it failed.
    pub why: Option<String>,
}

/// A line of an import's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportEvent {
    pub at: Instant,
    pub who: String,
    pub what: String,
}

const COLUMNS: &str = "SELECT id, state, file_name, file_digest, kind, mapping, as_of, started_at, ended_at, row_count, touches, \
     duplicates, refused, passed_over, refused_path, why FROM imports";

impl Journal {
    /// Notes that an import begins. Nothing it brings is seen before [`Journal::commit_import`].
    pub async fn start_import(&self, new: &NewImport) -> Result<ImportId, JournalError> {
        let tenant = self.tenant_number(&new.tenant).await?;
        let mut tx = self.begin().await?;
        let id = tx.row("SELECT coalesce(max(id), 0) + 1 FROM imports", args![], |row| row.int(0)).await?.unwrap_or(1);
        let sql = "INSERT INTO imports (id, tenant, state, file_name, file_digest, kind, mapping, as_of, started_at) \
             VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, $8)";
        let values = args![
            id,
            tenant,
            &new.file_name,
            &new.file_digest,
            &new.kind,
            &new.mapping_json,
            new.as_of.map(Instant::micros),
            new.started_at.micros()
        ];
        tx.execute(sql, values).await?;
        tx.commit().await?;
        Ok(ImportId(id))
    }

    /// Gives up an import that is under way, and says why.
    pub async fn fail_import(&self, id: ImportId, why: &str, at: Instant) -> Result<(), JournalError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE imports SET state = 'failed', why = $2, ended_at = $3 WHERE id = $1 AND state = 'running'";
        if tx.execute(sql, args![id.0, why, at.micros()]).await? == 0 {
            drop(tx);
            return Err(self.wrong_state(id).await?);
        }
        tx.commit().await
    }

    /// At a writer's start: imports that no process is at any more. They are marked, and returned so that a person is told.
    pub async fn interrupted_imports(&self, tenant: &TenantId, at: Instant) -> Result<Vec<Import>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin().await?;
        let running = format!("{COLUMNS} WHERE tenant = $1 AND state = 'running' ORDER BY id");
        let mut found = tx.rows(running, args![tenant], import).await?;
        if found.is_empty() {
            return Ok(found);
        }
        let sql = "UPDATE imports SET state = 'interrupted', ended_at = $2 WHERE tenant = $1 AND state = 'running'";
        tx.execute(sql, args![tenant, at.micros()]).await?;
        tx.commit().await?;
        for import in &mut found {
            (import.state, import.ended_at) = (ImportState::Interrupted, Some(at));
        }
        Ok(found)
    }

    /// All imports of a tenant, the first one first.
    pub async fn imports(&self, tenant: &TenantId) -> Result<Vec<Import>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().rows(format!("{COLUMNS} WHERE tenant = $1 ORDER BY id"), args![tenant], import).await
    }

    pub async fn import(&self, id: ImportId) -> Result<Option<Import>, JournalError> {
        self.pool().row(format!("{COLUMNS} WHERE id = $1"), args![id.0], import).await
    }

    /// The import that brought a file with this digest: one that stands before one that was undone, the latest first.
    pub async fn find_import_by_digest(&self, tenant: &TenantId, digest: &str) -> Result<Option<Import>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = format!(
            "{COLUMNS} WHERE tenant = $1 AND file_digest = $2 AND state IN ('active', 'undone') \
             ORDER BY CASE state WHEN 'active' THEN 0 ELSE 1 END, id DESC LIMIT 1"
        );
        self.pool().row(sql, args![tenant, digest], import).await
    }

    /// Standing imports that refused rows; their files wait at `refused_path`.
    pub async fn refused(&self, tenant: &TenantId) -> Result<Vec<Import>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = format!("{COLUMNS} WHERE tenant = $1 AND state = 'active' AND refused > 0 AND corrected = 0 ORDER BY id");
        self.pool().rows(sql, args![tenant], import).await
    }

    /// The refused rows of an import were put right and imported: nobody needs to be told of them any more.
    pub async fn refused_corrected(&self, id: ImportId) -> Result<(), JournalError> {
        let mut tx = self.begin().await?;
        tx.execute("UPDATE imports SET corrected = 1 WHERE id = $1", args![id.0]).await?;
        tx.commit().await
    }

    /// Who did what with an import, the first event first.
    pub async fn import_events(&self, id: ImportId) -> Result<Vec<ImportEvent>, JournalError> {
        let sql = "SELECT at, who, what FROM import_events WHERE import = $1 ORDER BY n";
        let read = |row: &Row| Ok(ImportEvent { at: instant(row.int(0)?)?, who: row.text(1)?, what: row.text(2)? });
        self.pool().rows(sql, args![id.0], read).await
    }

    pub(crate) async fn wrong_state(&self, id: ImportId) -> Result<JournalError, JournalError> {
        Ok(match self.import(id).await? {
            Some(import) => JournalError::ImportState { id, state: import.state.to_string() },
            None => JournalError::NotFound { what: format!("import {id}") },
        })
    }
}

pub(crate) fn instant(micros: i64) -> Result<Instant, JournalError> {
    Instant::from_micros(micros).map_err(|error| JournalError::Unreadable { table: "the store", what: error.to_string() })
}

pub(crate) fn maybe_instant(micros: Option<i64>) -> Result<Option<Instant>, JournalError> {
    micros.map(instant).transpose()
}

fn import(row: &Row) -> Result<Import, JournalError> {
    let state = row.text(1)?;
    let unknown = || JournalError::Unreadable { table: "imports", what: format!("`{state}` is no state") };
    Ok(Import {
        id: ImportId(row.int(0)?),
        state: ImportState::ALL.into_iter().find(|one| one.as_str() == state).ok_or_else(unknown)?,
        file_name: row.text(2)?,
        file_digest: row.text(3)?,
        kind: row.text(4)?,
        mapping_json: row.text(5)?,
        as_of: maybe_instant(row.maybe_int(6)?)?,
        started_at: instant(row.int(7)?)?,
        ended_at: maybe_instant(row.maybe_int(8)?)?,
        counts: ImportCounts {
            rows: row.count(9)?,
            touches: row.count(10)?,
            duplicates: row.count(11)?,
            refused: row.count(12)?,
            passed_over: row.count(13)?,
        },
        refused_path: row.maybe_text(14)?,
        why: row.maybe_text(15)?,
    })
}

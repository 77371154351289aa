//! An import: one exported file, read wholly or not at all.
//!
//! Chunks of rows go to as many threads as the machine has; each turns rows into touches and hands them to the lake's writer. What
//! is not a touch comes back to this thread in the order of the file. When the last row is read the lake finishes its files,
//! works out which of their rows say what another import said already, and one transaction of the journal makes all of it
//! count. Until then nothing does.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use kith_channels::file::{Chunk, FileError, Mapping, MappingError, Plan, PostTimes, Table, Yield};
use kith_core::{Identity, IdentityId, ImportId, Instant, Link, Record, Refusal, Tenant, Touch, TouchKind};
use kith_journal::{ImportCommit, JournalError, NewImport};
use kith_lake::{LakeError, LakeFile, TouchWriter};

use super::refused::RefusedRows;
use super::settle::settle;
use crate::store::{Store, StoreError};

/// A file to import, its tables opened and each with the mapping that will read it.
pub struct Opened {
    pub path: PathBuf,
    pub digest: String,
    pub tables: Vec<(Table, Mapping)>,
    pub export_time: Option<Instant>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportProgress {
    pub rows: u64,
    pub bytes: u64,
    pub bytes_total: Option<u64>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ImportReport {
    pub import: i64,
    pub file: String,
    pub rows: u64,
    pub touches: u64,
    /// Touches that this store knew already, or that stood twice in the file: counted once.
    pub duplicates: u64,
    pub records: u64,
    pub identities: u64,
    pub passed_over: u64,
    pub refused: u64,
    pub refused_path: Option<PathBuf>,
    /// The first refusals, to be shown.
    pub refusals: Vec<Refusal>,
    pub first_at: Option<Instant>,
    pub last_at: Option<Instant>,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{} has been imported already (import {import}); `kith import --again` imports it nevertheless", path.display())]
    AlreadyImported { path: PathBuf, import: i64 },
    #[error("all of the first {rows} rows of {} were refused, the first because of {column}: {reason}; correct the mapping (see it with --preview)", path.display())]
    NothingFits { path: PathBuf, rows: u64, column: String, reason: String },
    #[error("{} has no rows", path.display())]
    Empty { path: PathBuf },
    #[error("could not write the refused rows to {}: make room or check permissions", path.display())]
    Refused {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Lake(#[from] LakeError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// If every one of so many first rows is refused, the mapping is wrong and reading on only fills the disk.
const HOPELESS_AFTER: u64 = 1_000;

/// BLAKE3 of a file's bytes, so that the same file is recognised whatever its name.
pub fn file_digest(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            n => hasher.update(&buffer[..n]),
        };
    }
}

/// Imports one opened file. On any error nothing of it counts, and what was written is removed.
pub async fn import(store: &Store, tenant: &Tenant, file: Opened, now: Instant, watch: &(dyn Fn(ImportProgress) + Sync)) -> Result<ImportReport, ImportError> {
    let name = file.path.file_name().map_or_else(|| file.path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let kinds: BTreeSet<&str> = file.tables.iter().map(|(_, mapping)| mapping.kind.as_str()).collect();
    let mappings: Vec<&Mapping> = file.tables.iter().map(|(_, mapping)| mapping).collect();
    let new = NewImport {
        tenant: tenant.id.clone(),
        file_name: name.clone(),
        file_digest: file.digest.clone(),
        kind: kinds.into_iter().collect::<Vec<_>>().join("+"),
        mapping: serde_json::to_string(&mappings).unwrap_or_default(),
        as_of: file.export_time,
        started_at: now,
    };
    let import = store.journal.start_import(&new).await?;
    let outcome = run(store, tenant, file, import, &name, now, watch).await;
    if let Err(error) = &outcome {
        // The reason stands in the list of imports. If even this fails, the next start marks the import as interrupted.
        let _ = store.journal.fail_import(import, &error.to_string(), now).await;
        let _ = std::fs::remove_file(store.refused_path(import.0));
    }
    outcome
}

async fn run(
    store: &Store,
    tenant: &Tenant,
    file: Opened,
    import: ImportId,
    name: &str,
    now: Instant,
    watch: &(dyn Fn(ImportProgress) + Sync),
) -> Result<ImportReport, ImportError> {
    let posts = post_times(store, tenant, &file).await?;
    let memory = store.config.engine.memory_mib as usize * 1024 * 1024;
    let writer = store.lake.touch_writer(&tenant.id, memory);
    let read = tokio::task::block_in_place(|| read_tables(store, tenant, file, import, &posts, writer, watch));
    let (gathered, written) = match read {
        Ok(read) => read,
        Err(error) => return Err(error),
    };
    let paths: Vec<String> = written.files.iter().map(|file| file.path.clone()).collect();
    let committed = commit(store, tenant, import, &gathered, written, now).await;
    if committed.is_err() {
        store.lake.remove(&paths);
    }
    let (duplicates, touches, first_at, last_at) = committed?;
    Ok(ImportReport {
        import: import.0,
        file: name.to_owned(),
        rows: gathered.rows,
        touches,
        duplicates,
        records: gathered.records.len() as u64,
        identities: gathered.identities.len() as u64,
        passed_over: gathered.passed_over,
        refused: gathered.refused.count(),
        refused_path: (gathered.refused.count() > 0).then(|| store.refused_path(import.0)),
        refusals: gathered.refused.first().to_vec(),
        first_at,
        last_at,
    })
}

/// What the rows said besides touches, in the order of the file.
struct Gathered {
    rows: u64,
    passed_over: u64,
    identities: Vec<Identity>,
    links: Vec<Link>,
    records: Vec<(i64, Record)>,
    orders: Vec<(IdentityId, String)>,
    refused: RefusedRows,
}

/// What one chunk said, on its way back to the thread that keeps the order.
struct Piece {
    chunk: u64,
    said: Yield,
    /// The cells of each refused row, beside its refusal.
    cells: Vec<Vec<String>>,
    orders: Vec<(IdentityId, String)>,
}

type Written = kith_lake::Written;

/// Reads every table on as many threads as there are; the calling thread cuts chunks and keeps what comes back in order.
fn read_tables(
    store: &Store,
    tenant: &Tenant,
    file: Opened,
    import: ImportId,
    posts: &PostTimes,
    writer: TouchWriter,
    watch: &(dyn Fn(ImportProgress) + Sync),
) -> Result<(Gathered, Written), ImportError> {
    let path = store.refused_path(import.0);
    let mut gathered = Gathered {
        rows: 0,
        passed_over: 0,
        identities: Vec::new(),
        links: Vec::new(),
        records: Vec::new(),
        orders: Vec::new(),
        refused: RefusedRows::new(path.clone()),
    };
    let threads = store.threads();
    for (mut table, mapping) in file.tables {
        let plan = Plan::new(&mapping, &table.columns, tenant, import, posts)?;
        let mut seen = Seen::default();
        let outcome = read_table(&file.path, &mut table, &plan, &writer, threads, &mut gathered, &mut seen, watch);
        if let Err(error) = outcome {
            writer.abort();
            return Err(error);
        }
    }
    if gathered.rows == 0 {
        writer.abort();
        return Err(ImportError::Empty { path: file.path });
    }
    gathered.refused.finish().map_err(|source| ImportError::Refused { path, source })?;
    let written = writer.finish()?;
    Ok((gathered, written))
}

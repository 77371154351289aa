//! An import: one exported file, read wholly or not at all.
//!
//! Chunks of rows go to as many threads as the machine has; each turns rows into touches and hands them to the lake's writer. What
//! is not a touch comes back to this thread in the order of the file. When the last row is read the lake finishes its files,
//! works out which of their rows say what another import said already, and one transaction of the journal makes all of it
//! count. Until then nothing does.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use kith_channels::file::{Chunk, FileError, Mapping, MappingError, OpenOptions, Plan, PostTimes, Progress, RowReader, Yield};
use kith_core::{Identity, IdentityId, ImportId, Instant, Link, Post, Record, RecordKind, Refusal, Tenant, TouchKind};
use kith_journal::{ImportCommit, ImportCounts, JournalError, NewImport};
use kith_lake::{LakeError, LakeFile, TouchWriter, Written};

use super::catalogue::{new_file, settle, standing};
use super::open::{Opened, OpenedTable};
use super::refused::RefusedRows;
use crate::config::ImportConfig;
use crate::identity::merges;
use crate::store::{Store, StoreError};

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
    /// Where the refused rows lie, a file a table.
    pub refused_paths: Vec<PathBuf>,
    /// The first refusals, to be shown.
    pub refusals: Vec<Refusal>,
    pub first_at: Option<Instant>,
    pub last_at: Option<Instant>,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("all of the first {rows} rows of {} were refused, the first because of {column}: {reason}; correct the mapping (see it with --preview)", path.display())]
    NothingFits { path: PathBuf, rows: u64, column: String, reason: String },
    #[error("{} has no rows", path.display())]
    Empty { path: PathBuf },
    #[error("could not write the refused rows: make room or check permissions")]
    Refused(#[source] io::Error),
    #[error("could not read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(
        "`{table}` has {columns} columns, and at most {most} are read: is it parted by the right sign (--delimiter)? \
         Else raise `most_columns` in kith.toml"
    )]
    TooWide { table: String, columns: usize, most: u32 },
    #[error("there is no column `{column}`; the columns are: {columns}")]
    NoColumn { column: String, columns: String },
    #[error("there is no mapping called `{name}`; saved are: {known}")]
    NoMapping { name: String, known: String },
    #[error("the saved mapping `{name}` cannot be read: save it again")]
    BrokenMapping {
        name: String,
        #[source]
        source: serde_json::Error,
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
pub fn file_digest(path: &Path) -> Result<String, ImportError> {
    let unreadable = |source| ImportError::Unreadable { path: path.to_owned(), source };
    let mut hasher = blake3::Hasher::new();
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(unreadable)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            n => hasher.update(&buffer[..n]),
        };
    }
}

/// The limits of the configuration, for whoever opens a file.
pub fn limits(config: &ImportConfig, options: &mut OpenOptions) {
    options.limits.max_row_bytes = config.longest_line_mib as usize * 1024 * 1024;
    options.limits.max_unpacked_bytes = u64::from(config.unpacked_gib) * 1024 * 1024 * 1024;
    options.limits.max_unpacked_ratio = u64::from(config.unpacked_ratio);
}

/// Imports one opened file. On any error nothing of it counts, and what was written is removed.
pub async fn import(
    store: &Store,
    tenant: &Tenant,
    opened: Opened,
    now: Instant,
    watch: &(dyn Fn(ImportProgress) + Sync),
) -> Result<ImportReport, ImportError> {
    let name =
        opened.path.file_name().map_or_else(|| opened.path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let kinds: BTreeSet<String> = opened.tables.iter().map(|table| table.mapping.kind.to_string()).collect();
    let mappings: Vec<&Mapping> = opened.tables.iter().map(|table| &table.mapping).collect();
    let new = NewImport {
        tenant: tenant.id.clone(),
        file_name: name.clone(),
        file_digest: opened.digest.clone(),
        kind: kinds.into_iter().collect::<Vec<_>>().join("+"),
        mapping_json: serde_json::to_string(&mappings).unwrap_or_default(),
        as_of: opened.export_time,
        started_at: now,
    };
    let import = store.journal.start_import(&new).await?;
    let corrected = super::refused::refused_by(&store.folder, &opened.path);
    let outcome = run(store, tenant, opened, import, name, now, watch).await;
    match &outcome {
        Ok(_) => {
            if let Some((corrected, _)) = corrected {
                store.journal.refused_corrected(ImportId(corrected)).await?;
            }
            merges::judge_again(store, tenant, now).await?;
        }
        // The reason stands in the list of imports. If even this fails, the next start marks the import as interrupted.
        Err(error) => {
            let _ = store.journal.fail_import(import, &error.to_string(), now).await;
        }
    }
    outcome
}

async fn run(
    store: &Store,
    tenant: &Tenant,
    opened: Opened,
    import: ImportId,
    name: String,
    now: Instant,
    watch: &(dyn Fn(ImportProgress) + Sync),
) -> Result<ImportReport, ImportError> {
    let posts = post_times(store, tenant).await?;
    let memory = store.config.engine.memory_bytes();
    let writer = store.lake.touch_writer(&tenant.id, memory);
    let (mut gathered, written) =
        tokio::task::block_in_place(|| read_tables(store, tenant, opened, import, &posts, writer, watch))?;
    let paths: Vec<String> = written.files.iter().map(|file| file.path.clone()).collect();
    let committed = commit(store, tenant, import, &gathered, &written, now).await;
    let (touches, duplicates) = match committed {
        Ok(counts) => counts,
        Err(error) => {
            store.lake.remove(&paths);
            gathered.refused.remove();
            return Err(error);
        }
    };
    Ok(ImportReport {
        import: import.0,
        file: name,
        rows: gathered.rows,
        touches,
        duplicates,
        records: gathered.records.len() as u64,
        identities: gathered.identities.len() as u64,
        passed_over: gathered.passed_over,
        refused: gathered.refused.count(),
        refused_paths: gathered.refused.paths().to_vec(),
        refusals: gathered.refused.first().to_vec(),
        first_at: written.files.iter().filter_map(|file| file.first_at).min(),
        last_at: written.files.iter().filter_map(|file| file.last_at).max(),
    })
}

/// Makes all of it count, in one transaction: how many touches are new, and how many were known.
async fn commit(
    store: &Store,
    tenant: &Tenant,
    import: ImportId,
    gathered: &Gathered,
    written: &Written,
    now: Instant,
) -> Result<(u64, u64), ImportError> {
    let catalogue = store.journal.catalogue(&tenant.id).await?;
    let mut imports = standing(store, &tenant.id).await?;
    imports.insert(import);
    let mut files: Vec<LakeFile> = written.files.clone();
    let settled =
        tokio::task::block_in_place(|| settle(&store.lake, &catalogue, &mut files, &HashSet::new(), &BTreeSet::new(), &imports))?;
    let rows: u64 = files.iter().map(|file| file.rows).sum();
    let duplicates = written.doubles + settled.doubles;
    let into: Vec<_> = files.iter().map(|file| new_file(file, 0)).collect();
    let commit = ImportCommit {
        import,
        tenant: &tenant.id,
        catalogue_version: catalogue.version,
        counts: ImportCounts {
            rows: gathered.rows,
            touches: rows - settled.doubles,
            duplicates,
            refused: gathered.refused.count(),
            passed_over: gathered.passed_over,
        },
        refused_path: gathered.refused.paths().first().map(|path| path.display().to_string()),
        files: &into,
        hidden: &settled.changes,
        identities: &gathered.identities,
        links: &gathered.links,
        records: &gathered.records,
        order_numbers: &gathered.orders,
        at: now,
    };
    store.journal.commit_import(&commit).await?;
    Ok((rows - settled.doubles, duplicates))
}

/// When the posts that the journal knows were published, for files that count seconds from there.
pub async fn post_times(store: &Store, tenant: &Tenant) -> Result<PostTimes, ImportError> {
    let posts = store.journal.records(&tenant.id, RecordKind::Post).await?;
    let times = posts.into_iter().filter_map(|record| match record {
        Record::Post(Post { channel, external, published_at: Some(at), .. }) => Some((channel, external, at)),
        _ => None,
    });
    Ok(times.collect())
}

/// What the rows said besides touches, in the order of the file.
struct Gathered {
    rows: u64,
    passed_over: u64,
    identities: Vec<Identity>,
    links: Vec<Link>,
    records: Vec<(Record, i64)>,
    orders: Vec<(IdentityId, String)>,
    refused: RefusedRows,
    seen: HashMap<IdentityId, usize>,
}

/// What one chunk said, on its way back to the thread that keeps the order.
struct Piece {
    chunk: u64,
    said: Yield,
    /// The cells of each refused row, beside its refusal.
    cells: Vec<Vec<String>>,
    orders: Vec<(IdentityId, String)>,
}

/// Reads every table on as many threads as there are; the calling thread cuts chunks and keeps what comes back in order.
fn read_tables(
    store: &Store,
    tenant: &Tenant,
    opened: Opened,
    import: ImportId,
    posts: &PostTimes,
    writer: TouchWriter,
    watch: &(dyn Fn(ImportProgress) + Sync),
) -> Result<(Gathered, Written), ImportError> {
    let mut gathered = Gathered::new(RefusedRows::new(&store.folder.join("refused"), import.0));
    let threads = store.lake.threads();
    let path = opened.path;
    let mut read = Ok(());
    for table in opened.tables {
        read = read_table(table, tenant, import, posts, &writer, threads, &mut gathered, &path, watch);
        if read.is_err() {
            break;
        }
    }
    let read = read.and_then(|()| if gathered.rows == 0 { Err(ImportError::Empty { path }) } else { Ok(()) });
    let read = read.and_then(|()| gathered.refused.finish().map_err(ImportError::Refused));
    match read {
        Ok(()) => match writer.finish() {
            Ok(written) => Ok((gathered, written)),
            Err(error) => {
                gathered.refused.remove();
                Err(error.into())
            }
        },
        Err(error) => {
            writer.abort();
            gathered.refused.remove();
            Err(error)
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one table of one import: a struct would only name them again")]
fn read_table(
    opened: OpenedTable,
    tenant: &Tenant,
    import: ImportId,
    posts: &PostTimes,
    writer: &TouchWriter,
    threads: usize,
    gathered: &mut Gathered,
    path: &Path,
    watch: &(dyn Fn(ImportProgress) + Sync),
) -> Result<(), ImportError> {
    let OpenedTable { mut table, mapping, ahead, .. } = opened;
    let plan = Plan::new(&mapping, &table.columns, tenant, import, posts)?;
    gathered.refused.table(&table.columns).map_err(ImportError::Refused)?;
    let width = table.columns.len();
    let mut ahead = ahead.into_iter();
    thread::scope(|scope| {
        // Bounded both ways, so that a slow disk or a slow reader stops the others and memory stays small.
        let (send_chunk, chunks) = sync_channel::<(u64, Chunk)>(threads * 2);
        let (send_piece, pieces) = sync_channel::<Result<Piece, LakeError>>(threads * 4);
        let chunks = Arc::new(Mutex::new(chunks));
        for _ in 0..threads {
            let (chunks, send_piece) = (Arc::clone(&chunks), send_piece.clone());
            let (reader, writer) = (plan.reader(), writer.clone());
            scope.spawn(move || work(&chunks, &send_piece, reader, &writer, width));
        }
        drop(send_piece);
        drop(chunks);
        let mut order = InOrder::default();
        let mut cut = 0;
        let result = loop {
            let chunk = match ahead.next().map(Ok).or_else(|| table.next_chunk().transpose()) {
                None => break Ok(()),
                Some(Ok(chunk)) => chunk,
                Some(Err(error)) => break Err(ImportError::from(error)),
            };
            let mut offered = (cut, chunk);
            cut += 1;
            // Give it to a worker; while all are busy, take what they have ready.
            let sent = loop {
                match send_chunk.try_send(offered) {
                    Ok(()) => break Ok(()),
                    Err(std::sync::mpsc::TrySendError::Full(back)) => {
                        offered = back;
                        match pieces.recv() {
                            Ok(piece) => {
                                if let Err(error) = order.take(piece, gathered, path) {
                                    break Err(error);
                                }
                            }
                            Err(_) => break Err(ImportError::Empty { path: path.to_owned() }),
                        }
                    }
                    Err(std::sync::mpsc::TrySendError::Disconnected(_)) => break Ok(()),
                }
            };
            if let Err(error) = sent {
                break Err(error);
            }
            while let Ok(piece) = pieces.try_recv() {
                if let Err(error) = order.take(piece, gathered, path) {
                    drop(send_chunk);
                    // Let the workers run dry, so that they can end.
                    pieces.iter().for_each(drop);
                    return Err(error);
                }
            }
            let Progress { bytes_read, bytes_total } = table.progress();
            watch(ImportProgress { rows: gathered.rows, bytes: bytes_read, bytes_total });
        };
        drop(send_chunk);
        let mut result = result;
        for piece in pieces.iter() {
            if result.is_ok() {
                result = order.take(piece, gathered, path);
            }
        }
        result
    })
}

/// A worker: takes chunks while there are any, and sends back what is not a touch.
fn work(
    chunks: &Mutex<Receiver<(u64, Chunk)>>,
    pieces: &SyncSender<Result<Piece, LakeError>>,
    mut reader: RowReader,
    writer: &TouchWriter,
    width: usize,
) {
    loop {
        let next = chunks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, chunk)) = next else {
            return;
        };
        let mut said = Yield::default();
        let mut cells = Vec::new();
        chunk.each(|row| match row {
            Ok(row) => {
                let before = said.refusals.len();
                reader.read(row, &mut said);
                if said.refusals.len() > before {
                    cells.push((0..width).map(|at| row.cell(at).to_owned()).collect());
                }
            }
            Err(misfit) => {
                said.rows += 1;
                cells.push(misfit.cells);
                said.refusals.push(misfit.refusal);
            }
        });
        let written = writer.push(&said.touches);
        let orders = said.touches.iter().filter(|touch| touch.kind == TouchKind::Order);
        let orders = orders.filter_map(|touch| Some((touch.identity, touch.order.as_ref()?.to_string()))).collect();
        said.touches = Vec::new();
        let piece = written.map(|()| Piece { chunk: number, said, cells, orders });
        let failed = piece.is_err();
        if pieces.send(piece).is_err() || failed {
            return;
        }
    }
}

/// Pieces come back as the workers finish; they are taken in the order of the file, so that an import says the same every time.
#[derive(Default)]
struct InOrder {
    waiting: BTreeMap<u64, Piece>,
    next: u64,
}

impl InOrder {
    fn take(&mut self, piece: Result<Piece, LakeError>, gathered: &mut Gathered, path: &Path) -> Result<(), ImportError> {
        let piece = piece?;
        self.waiting.insert(piece.chunk, piece);
        while let Some(piece) = self.waiting.remove(&self.next) {
            self.next += 1;
            gathered.add(piece).map_err(ImportError::Refused)?;
            gathered.hopeless(path)?;
        }
        Ok(())
    }
}

impl Gathered {
    fn new(refused: RefusedRows) -> Self {
        Self {
            rows: 0,
            passed_over: 0,
            identities: Vec::new(),
            links: Vec::new(),
            records: Vec::new(),
            orders: Vec::new(),
            refused,
            seen: HashMap::new(),
        }
    }

    fn add(&mut self, piece: Piece) -> io::Result<()> {
        self.rows += piece.said.rows;
        self.passed_over += piece.said.passed_over;
        for identity in piece.said.identities {
            match self.seen.get(&identity.id) {
                None => {
                    self.seen.insert(identity.id, self.identities.len());
                    self.identities.push(identity);
                }
                // Of several names the smallest, so that neither the order of rows nor that of files matters.
                Some(&at) => {
                    let known = &mut self.identities[at].name;
                    if identity.name.is_some() && (known.is_none() || identity.name < *known) {
                        *known = identity.name;
                    }
                }
            }
        }
        self.links.extend(piece.said.links);
        self.records.extend(piece.said.records.into_iter().map(|(version, record)| (record, version)));
        self.orders.extend(piece.orders);
        for (refusal, cells) in piece.said.refusals.into_iter().zip(piece.cells) {
            self.refused.push(refusal, &cells)?;
        }
        Ok(())
    }

    /// Stops an import whose mapping fits no row, before it fills a disk with refusals.
    fn hopeless(&self, path: &Path) -> Result<(), ImportError> {
        let refused = self.refused.count();
        if refused < HOPELESS_AFTER.min(self.rows) || refused < self.rows - self.passed_over || self.rows < HOPELESS_AFTER {
            return Ok(());
        }
        let first = self.refused.first().first().cloned();
        let Refusal { column, reason, .. } =
            first.unwrap_or_else(|| Refusal { row: 0, column: String::new(), value: String::new(), reason: String::new() });
        Err(ImportError::NothingFits { path: path.to_owned(), rows: self.rows, column, reason })
    }
}

//! A store: the journal and the lake of one folder, opened together, repaired, and locked for whoever writes.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kith_core::{Instant, Tenant, TenantId};
use kith_journal::{Journal, JournalError, Writers};
use kith_lake::{Lake, LakeError, LakeOptions};

use crate::config::{Config, ConfigError, Database};
use crate::identity::merges;
use crate::locks;

/// What a command wants to do with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    /// One process at a time.
    Write,
}

/// The journal and the lake of one folder.
pub struct Store {
    pub folder: PathBuf,
    pub config: Config,
    pub journal: Journal,
    pub lake: Lake,
    /// What was found half done and put right when the store was opened, in plain words.
    pub repairs: Vec<String>,
    /// The folder may not be written by this process: nothing is repaired, and what could be is left to the next writer.
    pub read_only: bool,
    locks: Locks,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no store in {}: make one with `kith init NAME`, or name another folder with --store", folder.display())]
    Missing { folder: PathBuf },
    #[error("{holder} is still writing to {} after {waited_s} s of waiting: let it finish, or stop it; `wait_seconds` in kith.toml says how long to wait", folder.display())]
    Busy { folder: PathBuf, holder: String, waited_s: u64 },
    #[error("could not write to {}: {advice}", path.display())]
    Folder {
        path: PathBuf,
        advice: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("the list of hidden rows of {path} is damaged: run `kith doctor`, and bring back the last backup of the database")]
    Bitmap { path: String },
    #[error("a thread of this process broke down: please report it; nothing is half done")]
    Interrupted,
    #[error("no business called `{0}` in this store: `kith init {0}` makes it")]
    NoTenant(TenantId),
    #[error("this store has several businesses ({0}): choose one with --tenant")]
    WhichTenant(String),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Lake(#[from] LakeError),
}

/// The tenant of the sample shop: a store's own business comes before it.
pub const SAMPLE_TENANT: &str = "sample-tea";

struct Locks {
    /// Held by the one writer; in a folder that may only be read shared, so that nobody writes meanwhile.
    write: Option<File>,
    /// Held, shared, by everybody who may have a file of the lake in hand.
    read: Option<File>,
    /// The same on PostgreSQL, where two machines may share a database.
    _database: Option<kith_journal::WriterLock>,
}

impl Store {
    /// Opens the store in `folder`. Whoever gets the writer's lock first repairs what a killed process left. In a folder that may only
    /// be read a reader reads, and repairs nothing.
    ///
    /// `tell` is called once when another process is writing; after `wait_seconds` of the configuration the answer is
    /// [`StoreError::Busy`].
    pub async fn open(
        folder: &Path,
        config: Config,
        access: Access,
        now: Instant,
        tell: impl Fn(&str),
    ) -> Result<Self, StoreError> {
        if access == Access::Read && !folder.join(locks::WRITE).exists() {
            return Err(StoreError::Missing { folder: folder.to_owned() });
        }
        match Self::open_to_write(folder, config.clone(), access, now, &tell).await {
            Err(error) if access == Access::Read && error.may_only_be_read() => Self::open_to_read(folder, config).await,
            other => other,
        }
    }

    async fn open_to_write(
        folder: &Path,
        config: Config,
        access: Access,
        now: Instant,
        tell: &impl Fn(&str),
    ) -> Result<Self, StoreError> {
        let exists = folder.join(locks::WRITE).exists();
        let patience = Duration::from_secs(u64::from(config.store.wait_seconds));
        fs::create_dir_all(folder.join("refused"))
            .or_else(|error| if exists { Ok(()) } else { Err(error) })
            .map_err(|error| trouble(folder, error))?;
        let read = locks::file(&folder.join(locks::READ))?;
        let write = match access {
            Access::Write => Some(locks::wait_for_writing(folder, patience, tell)?),
            // A reader repairs only if nobody is writing.
            Access::Read => locks::file(&folder.join(locks::WRITE)).ok().filter(|file| file.try_lock().is_ok()),
        };
        let journal = Journal::open(&address(folder, &config)).await?;
        let database = match access {
            Access::Write => Some(locks::wait_for_database(&journal, folder, patience, tell).await?),
            Access::Read => None,
        };
        let lake = Lake::open(&folder.join("lake"), lake_options(&config))?;
        let mut store = Self {
            folder: folder.to_owned(),
            config,
            journal,
            lake,
            repairs: Vec::new(),
            read_only: false,
            locks: Locks { write, read: Some(read), _database: database },
        };
        if store.locks.write.is_some() {
            store.repair(now).await?;
        }
        if let Some(read) = &store.locks.read {
            read.lock_shared().map_err(|error| trouble(folder, error))?;
        }
        if access == Access::Read {
            store.locks.write = None;
        }
        Ok(store)
    }

    /// Writes nothing at all, not even a lock's file.
    async fn open_to_read(folder: &Path, config: Config) -> Result<Self, StoreError> {
        let (read, write) = locks::share_for_reading(folder);
        let writers = if write.is_some() { Writers::NoneAtWork } else { Writers::MayBeAtWork };
        let journal = Journal::open_read_only(&address(folder, &config), writers).await?;
        let lake = Lake::open(&folder.join("lake"), lake_options(&config))?;
        let locks = Locks { write, read, _database: None };
        Ok(Self { folder: folder.to_owned(), config, journal, lake, repairs: Vec::new(), read_only: true, locks })
    }

    /// Puts right what a killed process left half done. Only under the writer's lock: then nobody else is at work.
    async fn repair(&mut self, now: Instant) -> Result<(), StoreError> {
        for tenant in self.journal.tenants().await? {
            for import in self.journal.interrupted_imports(&tenant.id, now).await? {
                self.repairs.push(format!(
                    "the import of {} (number {}) was interrupted: nothing of it counts; import the file again",
                    import.file_name, import.id
                ));
            }
            let (evidence, judged) = self.journal.evidence(&tenant.id).await?;
            if evidence != judged {
                merges::judge_again(self, &tenant, now).await?;
                self.repairs
                    .push(format!("judged the merges of {} again: what was said about them last had not been", tenant.id));
            }
        }
        // Files that no catalogue knows are left by a killed writer or were replaced. Somebody may still be reading the
        // replaced ones, so they go only when nobody reads.
        if let Some(read) = self.locks.read.as_ref().filter(|read| read.try_lock().is_ok()) {
            let known: HashSet<String> = self.journal.all_paths().await?.into_iter().collect();
            let swept = self.lake.sweep(&known)?;
            let files = swept.orphans + swept.unfinished;
            if files > 0 {
                self.repairs.push(format!(
                    "removed {files} files ({} kB) that no import or compaction finished or needs any more",
                    swept.bytes / 1024
                ));
            }
            let _ = read.unlock();
        }
        Ok(())
    }

    /// The business that a command speaks of: the one named, else the only one that is not the sample.
    pub async fn tenant(&self, named: Option<&TenantId>) -> Result<Tenant, StoreError> {
        let tenants = self.journal.tenants().await?;
        if let Some(id) = named {
            return tenants.into_iter().find(|tenant| tenant.id == *id).ok_or_else(|| StoreError::NoTenant(id.clone()));
        }
        let (sample, mut own): (Vec<Tenant>, Vec<Tenant>) =
            tenants.into_iter().partition(|tenant| tenant.id.as_str() == SAMPLE_TENANT);
        if own.is_empty() {
            own = sample;
        }
        match own.as_slice() {
            [] => Err(StoreError::Missing { folder: self.folder.clone() }),
            [one] => Ok(one.clone()),
            several => {
                Err(StoreError::WhichTenant(several.iter().map(|tenant| tenant.id.as_str()).collect::<Vec<_>>().join(", ")))
            }
        }
    }

    /// Where the refused rows of an import lie.
    #[must_use]
    pub fn refused_path(&self, import: i64) -> PathBuf {
        self.folder.join("refused").join(format!("{import}.csv"))
    }
}

fn address(folder: &Path, config: &Config) -> String {
    match &config.store.database {
        Database::Sqlite => format!("sqlite:{}", folder.join("kith.db").display()),
        Database::Postgres(address) => address.clone(),
    }
}

fn lake_options(config: &Config) -> LakeOptions {
    let default = LakeOptions::default();
    let threads = if config.engine.threads == 0 { default.threads } else { config.engine.threads as usize };
    LakeOptions { memory_bytes: config.engine.memory_bytes(), threads }
}

impl StoreError {
    /// Is it that this process may not write here?
    fn may_only_be_read(&self) -> bool {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        match self {
            Self::Folder { source, .. } => matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem),
            Self::Journal(error) => matches!(error, JournalError::ReadOnly { .. } | JournalError::CannotOpen { .. }),
            Self::Lake(error) => matches!(error, LakeError::ReadOnly(_)),
            _ => false,
        }
    }
}

pub(crate) fn trouble(path: &Path, source: std::io::Error) -> StoreError {
    use std::io::ErrorKind;
    let advice = match source.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "the folder may only be read: change its permissions, or choose another with --store"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full: make room and run the command again, nothing is half done"
        }
        _ => "see the cause below, then run `kith doctor`",
    };
    StoreError::Folder { path: path.to_owned(), advice, source }
}

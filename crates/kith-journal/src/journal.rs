//! Opening the journal, and how it is kept: the file or the server, its settings, its health.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kith_core::TenantId;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::JournalError;
use crate::sql::{Engine, Pool, Tx, args};

/// The customer timeline and the records. Cloning it is cheap: all clones share their connections.
#[derive(Clone)]
pub struct Journal {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    /// Writers of this process take turns here (see [`Tx`]).
    turn: Arc<tokio::sync::Mutex<()>>,
    tenants: RwLock<HashMap<TenantId, i64>>,
}

/// What somebody who opens a journal to read only knows of those who write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writers {
    MayBeAtWork,
    /// The caller keeps them away for as long as the journal is open.
    NoneAtWork,
}

/// How long a statement waits for another process before it says that the store is locked.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(10);

/// Readers at once; writers are one on SQLite anyway.
const CONNECTIONS: u32 = 8;

impl Journal {
    /// Opens `sqlite:PATH` (made if it is missing, in a folder that exists) or `postgres://…`, and brings its tables up to date.
    ///
    /// What is acknowledged is on the disk: SQLite runs with a write-ahead log and `synchronous = FULL`, PostgreSQL with its default.
    pub async fn open(url: &str) -> Result<Self, JournalError> {
        let journal = Self { inner: Arc::new(Inner::connect(url, Opening::Write).await?) };
        journal.migrate().await?;
        Ok(journal)
    }

    /// Opens a store to read only, for instance one in a folder that may not be written. Nothing is made or brought up to date.
    ///
    /// SQLite reads beside writers by way of two files that lie beside its own. Where it may not make them, it can still read the
    /// file alone: but only if nobody writes, and if no log holds what the file does not have yet.
    pub async fn open_read_only(url: &str, writers: Writers) -> Result<Self, JournalError> {
        let opened = Self::opened_as_it_is(url, Opening::Read).await;
        let Some(path) = sqlite_path(url).filter(|path| path.exists()) else { return opened };
        match opened {
            Err(JournalError::CannotOpen { .. } | JournalError::ReadOnly { .. })
                if writers == Writers::NoneAtWork && !has_log(&path) =>
            {
                Self::opened_as_it_is(url, Opening::ReadUnchanging).await
            }
            Err(JournalError::CannotOpen { source, .. } | JournalError::ReadOnly { source: Some(source) }) => {
                Err(JournalError::NeedsWriting { path, source })
            }
            other => other,
        }
    }

    async fn opened_as_it_is(url: &str, opening: Opening) -> Result<Self, JournalError> {
        let journal = Self { inner: Arc::new(Inner::connect(url, opening).await?) };
        journal.check_schema().await?;
        Ok(journal)
    }

    /// Gives the connections back; the last one to leave folds SQLite's log into the file.
    pub async fn close(&self) {
        match &self.inner.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    #[must_use]
    pub fn engine(&self) -> Engine {
        self.inner.pool.engine()
    }

    /// What is wrong with the store, one sentence each; none means sound. Reads everything: for `kith doctor`.
    pub async fn integrity_check(&self) -> Result<Vec<String>, JournalError> {
        let mut faults = Vec::new();
        match self.engine() {
            Engine::Sqlite => {
                faults = self.pool().rows("PRAGMA integrity_check", args![], |row| row.text(0)).await?;
                faults.retain(|line| line != "ok");
            }
            // Reading every row makes the server verify the checksums of its pages, where the cluster has them.
            Engine::Postgres => {
                for (table, sql) in [
                    ("touches", "SELECT count(body.*) FROM touches body"),
                    ("records", "SELECT count(body.*) FROM records body"),
                    ("identities", "SELECT count(body.*) FROM identities body"),
                ] {
                    if let Err(error) = self.pool().row(sql, args![], |row| row.int(0)).await {
                        faults.push(format!("the table {table} cannot be read to its end: {error}"));
                    }
                }
            }
        }
        let miscounted = "SELECT count(*) FROM identities i LEFT JOIN \
             (SELECT s.identity, count(*) AS n FROM sightings s JOIN imports m ON m.id = s.import AND m.state = 'active' GROUP BY s.identity) \
             AS seen ON seen.identity = i.id WHERE i.imports <> coalesce(seen.n, 0)";
        let lost = "SELECT count(*) FROM files f LEFT JOIN tenants t ON t.n = f.tenant WHERE t.n IS NULL";
        for (sql, what) in [
            (miscounted, "identities whose imports are counted wrongly"),
            (lost, "files of the catalogue that belong to no tenant"),
        ] {
            match self.pool().row(sql, args![], |row| row.int(0)).await?.unwrap_or_default() {
                0 => {}
                n => faults.push(format!("{n} {what}")),
            }
        }
        Ok(faults)
    }

    /// Copies the store as it is at this moment into a new file, while others go on working. SQLite only.
    pub async fn snapshot_copy(&self, to: &Path) -> Result<(), JournalError> {
        match &self.inner.pool {
            Pool::Sqlite(_) => {
                self.pool().rows("VACUUM INTO $1", args![to.to_string_lossy().into_owned()], |_| Ok(())).await.map(drop)
            }
            Pool::Postgres(_) => Err(JournalError::NeedsSqlite { what: "copying the store", instead: "pg_dump" }),
        }
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// A transaction that writes.
    pub(crate) async fn begin(&self) -> Result<Tx, JournalError> {
        let turn = match self.engine() {
            Engine::Sqlite => Some(self.inner.turn.clone().lock_owned().await),
            Engine::Postgres => None,
        };
        Tx::write(&self.inner.pool, turn).await
    }

    /// A transaction in which several questions see the same state.
    pub(crate) async fn begin_read(&self) -> Result<Tx, JournalError> {
        Tx::read(&self.inner.pool).await
    }

    /// The number by which the tables know a tenant.
    pub(crate) async fn tenant_number(&self, tenant: &TenantId) -> Result<i64, JournalError> {
        if let Some(n) = self.inner.tenants.read().unwrap_or_else(PoisonError::into_inner).get(tenant) {
            return Ok(*n);
        }
        let n = self.pool().row("SELECT n FROM tenants WHERE id = $1", args![tenant.as_str()], |row| row.int(0)).await?;
        let n = n.ok_or_else(|| JournalError::NotFound { what: format!("tenant `{tenant}`: make it with `kith tenant add`") })?;
        self.inner.tenants.write().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone(), n);
        Ok(n)
    }
}

/// What a journal is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    Write,
    Read,
    /// SQLite alone: the file does not change meanwhile, so it needs no locks and no files beside it.
    ReadUnchanging,
}

fn sqlite_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

/// Does the write-ahead log beside the file hold anything?
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|about| about.len() > 0)
}

impl Inner {
    async fn connect(url: &str, opening: Opening) -> Result<Self, JournalError> {
        let pool = if let Some(path) = sqlite_path(url) {
            Pool::Sqlite(sqlite(&path, url, opening).await?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options: PgConnectOptions = url.parse().map_err(|_| JournalError::Url(without_password(url)))?;
            let options = options.application_name("kith").statement_cache_capacity(200).disable_statement_logging();
            let reading = [("default_transaction_read_only", "on")];
            let options = if opening == Opening::Write { options } else { options.options(reading) };
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(WAIT_FOR_OTHERS);
            // Asked first on a connection of its own: a pool tries again and again and then only says that it took too long.
            sqlx::Connection::close(options.connect().await?).await?;
            Pool::Postgres(pool.connect_with(options).await?)
        } else {
            return Err(JournalError::Url(without_password(url)));
        };
        Ok(Self { pool, turn: Arc::default(), tenants: RwLock::default() })
    }
}

async fn sqlite(path: &Path, url: &str, opening: Opening) -> Result<sqlx::SqlitePool, JournalError> {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(WAIT_FOR_OTHERS).foreign_keys(true);
    // A statement of a thousand values is no line for a log.
    let options = options.statement_cache_capacity(200).row_buffer_size(1024).disable_statement_logging();
    let options = options.pragma("cache_size", "-65536").pragma("temp_store", "memory").pragma("journal_size_limit", "67108864");
    let options = match opening {
        Opening::Write => {
            options.create_if_missing(true).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full)
        }
        Opening::Read => options.read_only(true),
        Opening::ReadUnchanging => options.read_only(true).immutable(true),
    };
    let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(3 * WAIT_FOR_OTHERS);
    pool.connect_with(options).await.map_err(|error| match JournalError::from(error) {
        JournalError::CannotOpen { source, .. } => JournalError::CannotOpen { url: url.to_owned(), source },
        other => other,
    })
}

/// An address as it may be shown: what stands between the user and the host is left out.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

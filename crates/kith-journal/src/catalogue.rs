//! The catalogue: which Parquet files a question reads, and which of their rows it does not see.

use kith_core::{IdentityId, ImportId, Instant, Month, TenantId};

use crate::hot::{self, HotKey};
use crate::import::maybe_instant;
use crate::sql::{Bulk, Engine, Row, Tx, args};
use crate::{Journal, JournalError};

/// The number of a file in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub i64);

/// What a file has besides its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Inside the lake: `<tenant>/<month>/<name>.parquet`.
    pub path: String,
    pub month: Month,
    pub rows: u64,
    pub bytes: u64,
    /// Of the file's bytes, in hexadecimal.
    pub digest: String,
    /// The import that all its rows come from, if it is one.
    pub import: Option<ImportId>,
    /// How many times its rows have been compacted.
    pub generation: i64,
    /// A serialised bitmap of the rows no question sees; `None` hides nothing.
    pub hidden: Option<Vec<u8>>,
    pub first_at: Option<Instant>,
    pub last_at: Option<Instant>,
    pub min_identity: IdentityId,
    pub max_identity: IdentityId,
}

/// A file of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueFile {
    pub id: FileId,
    pub file: NewFile,
}

impl std::ops::Deref for CatalogueFile {
    type Target = NewFile;
    fn deref(&self) -> &NewFile {
        &self.file
    }
}

/// All files of a tenant at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// Goes up with every change; who changes files says from which version they started.
    pub version: i64,
    /// By month, then by number.
    pub files: Vec<CatalogueFile>,
}

/// From now on, these rows of this file are not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenChange {
    pub file: FileId,
    pub hidden: Option<Vec<u8>>,
}

/// What a compaction puts in the place of what.
#[derive(Debug, Clone)]
pub struct FileReplacement<'a> {
    pub tenant: &'a TenantId,
    /// The version of the catalogue from which everything here was computed.
    pub catalogue_version: i64,
    pub out: &'a [FileId],
    pub into: &'a [NewFile],
    pub hidden: &'a [HiddenChange],
    /// Hot touches that now lie in a file: exactly these, not what has come in front of them meanwhile.
    pub delete_hot: &'a [HotKey],
}

impl Journal {
    pub async fn catalogue(&self, tenant: &TenantId) -> Result<Catalogue, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin_read().await?;
        let version = tx.row("SELECT catalogue_version FROM tenants WHERE n = $1", args![tenant], |row| row.int(0)).await?;
        let sql = "SELECT id, path, month, row_count, bytes, digest, import, generation, hidden, first_at, last_at, min_identity, \
             max_identity FROM files WHERE tenant = $1 ORDER BY month, id";
        let files = tx.rows(sql, args![tenant], file).await?;
        Ok(Catalogue { version: version.unwrap_or_default(), files })
    }

    /// Exchanges files in one transaction and forgets the hot touches that went into them. Gives the new version of the catalogue.
    pub async fn replace_files(&self, change: &FileReplacement<'_>) -> Result<i64, JournalError> {
        let tenant = self.tenant_number(change.tenant).await?;
        let mut tx = self.begin().await?;
        let version = step(&mut tx, tenant, change.catalogue_version).await?;
        for id in change.out {
            if tx.execute("DELETE FROM files WHERE id = $1 AND tenant = $2", args![id.0, tenant]).await? == 0 {
                return Err(JournalError::Conflict { what: format!("file {} of the catalogue", id.0) });
            }
        }
        add(&mut tx, tenant, change.into).await?;
        hide(&mut tx, tenant, change.hidden).await?;
        hot::forget(&mut tx, tenant, change.delete_hot).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// The paths of all files of all tenants: what lies in the lake besides them is an orphan. For the writer alone.
    pub async fn all_paths(&self) -> Result<Vec<String>, JournalError> {
        const SQL: &str = "SELECT path FROM files ORDER BY path";
        if self.engine() == Engine::Sqlite {
            return self.pool().rows(SQL, args![], |row| row.text(0)).await;
        }
        // A process that was killed while it committed: its server may still be at it, and every change of the catalogue holds its
        // tenant. After these rows were had, either that change is seen below, or it never happens.
        let mut tx = self.begin().await?;
        tx.rows("SELECT n FROM tenants FOR SHARE", args![], |row| row.int(0)).await?;
        let paths = tx.rows(SQL, args![], |row| row.text(0)).await?;
        tx.commit().await?;
        Ok(paths)
    }
}

/// Steps the version of a tenant's catalogue, if it still is the expected one.
pub(crate) async fn step(tx: &mut Tx, tenant: i64, expected: i64) -> Result<i64, JournalError> {
    let sql = "UPDATE tenants SET catalogue_version = catalogue_version + 1 WHERE n = $1 AND catalogue_version = $2";
    match tx.execute(sql, args![tenant, expected]).await? {
        0 => Err(JournalError::Conflict { what: "the catalogue of files".to_owned() }),
        _ => Ok(expected + 1),
    }
}

pub(crate) async fn add(tx: &mut Tx, tenant: i64, files: &[NewFile]) -> Result<(), JournalError> {
    let bulk = Bulk {
        head: "INSERT INTO files (id, tenant, path, month, row_count, bytes, digest, import, generation, hidden, first_at, last_at, \
               min_identity, max_identity)",
        columns: 14,
        tail: "",
    };
    let mut id = tx.row("SELECT coalesce(max(id), 0) FROM files", args![], |row| row.int(0)).await?.unwrap_or_default();
    tx.insert(bulk, files.len(), |place, out| {
        let file = &files[place];
        id += 1;
        out.extend(args![
            id,
            tenant,
            &file.path,
            i64::from(file.month.0),
            i64::try_from(file.rows).unwrap_or(i64::MAX),
            i64::try_from(file.bytes).unwrap_or(i64::MAX),
            &file.digest,
            file.import.map(|import| import.0),
            file.generation,
            file.hidden.clone(),
            file.first_at.map(Instant::micros),
            file.last_at.map(Instant::micros),
            file.min_identity.0,
            file.max_identity.0,
        ]);
    })
    .await
    .map(drop)
}

pub(crate) async fn hide(tx: &mut Tx, tenant: i64, changes: &[HiddenChange]) -> Result<(), JournalError> {
    for change in changes {
        let sql = "UPDATE files SET hidden = $3 WHERE id = $1 AND tenant = $2";
        if tx.execute(sql, args![change.file.0, tenant, change.hidden.clone()]).await? == 0 {
            return Err(JournalError::Conflict { what: format!("file {} of the catalogue", change.file.0) });
        }
    }
    Ok(())
}

fn file(row: &Row) -> Result<CatalogueFile, JournalError> {
    let file = NewFile {
        path: row.text(1)?,
        month: Month(i32::try_from(row.int(2)?).unwrap_or_default()),
        rows: row.count(3)?,
        bytes: row.count(4)?,
        digest: row.text(5)?,
        import: row.maybe_int(6)?.map(ImportId),
        generation: row.int(7)?,
        hidden: row.maybe_bytes(8)?,
        first_at: maybe_instant(row.maybe_int(9)?)?,
        last_at: maybe_instant(row.maybe_int(10)?)?,
        min_identity: IdentityId(row.int(11)?),
        max_identity: IdentityId(row.int(12)?),
    };
    Ok(CatalogueFile { id: FileId(row.int(0)?), file })
}

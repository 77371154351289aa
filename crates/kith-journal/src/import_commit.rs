//! The one transaction by which an import comes to stand, with everything it brought.

use kith_core::{Identity, IdentityId, ImportId, Instant, Link, Record, TenantId};

use crate::catalogue::{self, HiddenChange, NewFile};
use crate::import::ImportCounts;
use crate::merge::more_evidence;
use crate::sql::{Tx, args};
use crate::{Journal, JournalError, identity, link, record, search};

/// All that an import brings besides the Parquet files themselves, which lie in the lake already.
#[derive(Debug, Clone)]
pub struct ImportCommit<'a> {
    pub import: ImportId,
    pub tenant: &'a TenantId,
    /// The version of the catalogue from which `hidden` was computed.
    pub catalogue_version: i64,
    pub counts: ImportCounts,
    pub refused_path: Option<String>,
    pub files: &'a [NewFile],
    /// Bitmaps of files that are in the catalogue already.
    pub hidden: &'a [HiddenChange],
    pub identities: &'a [Identity],
    /// Their `import` is not looked at: it is this one.
    pub links: &'a [Link],
    /// Each with the version of its source (0 where it has none).
    pub records: &'a [(Record, i64)],
    /// Whose order has which number, so that a contact is found by it.
    pub order_numbers: &'a [(IdentityId, String)],
    pub at: Instant,
}

/// An import is to be taken back, or brought back.
#[derive(Debug, Clone)]
pub struct StandingChange<'a> {
    pub import: ImportId,
    pub tenant: &'a TenantId,
    /// Shall it stand from now on?
    pub stands: bool,
    /// The version of the catalogue from which `hidden` was computed.
    pub catalogue_version: i64,
    pub hidden: &'a [HiddenChange],
    pub at: Instant,
    /// Who wants it so.
    pub by: &'a str,
}

impl Journal {
    /// Makes an import stand: all of it, or, on any error, nothing. Gives the new version of the catalogue.
    pub async fn commit_import(&self, commit: &ImportCommit<'_>) -> Result<i64, JournalError> {
        let tenant = self.tenant_number(commit.tenant).await?;
        let mut tx = self.begin().await?;
        let (c, at) = (commit.counts, commit.at.micros());
        let sql = "UPDATE imports SET state = 'active', row_count = $2, touches = $3, duplicates = $4, refused = $5, passed_over = $6, \
             refused_path = $7, ended_at = $8 WHERE id = $1 AND tenant = $9 AND state = 'running'";
        let [rows, touches, duplicates, refused, passed_over] =
            [c.rows, c.touches, c.duplicates, c.refused, c.passed_over].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let id = commit.import.0;
        let values = args![id, rows, touches, duplicates, refused, passed_over, commit.refused_path.clone(), at, tenant];
        if tx.execute(sql, values).await? == 0 {
            drop(tx);
            return Err(self.wrong_state(commit.import).await?);
        }
        let version = catalogue::step(&mut tx, tenant, commit.catalogue_version).await?;
        catalogue::add(&mut tx, tenant, commit.files).await?;
        catalogue::hide(&mut tx, tenant, commit.hidden).await?;
        let identities = identity::distinct(commit.identities);
        identity::see(&mut tx, self.pool(), tenant, commit.import, &identities).await?;
        link::add(&mut tx, tenant, commit.import, commit.links).await?;
        record::assert(&mut tx, tenant, commit.import, commit.records).await?;
        search::remember(&mut tx, tenant, commit.import, search::texts(&identities, commit.records, commit.order_numbers))
            .await?;
        event(&mut tx, commit.import, commit.at, "kith", "imported").await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Undoes an import that stands, or brings back one that was undone. Gives the new version of the catalogue.
    pub async fn set_standing(&self, change: &StandingChange<'_>) -> Result<i64, JournalError> {
        let tenant = self.tenant_number(change.tenant).await?;
        let mut tx = self.begin().await?;
        let (from, to) = if change.stands { ("undone", "active") } else { ("active", "undone") };
        let sql = "UPDATE imports SET state = $3 WHERE id = $1 AND tenant = $2 AND state = $4";
        if tx.execute(sql, args![change.import.0, tenant, to, from]).await? == 0 {
            drop(tx);
            return Err(self.wrong_state(change.import).await?);
        }
        let version = catalogue::step(&mut tx, tenant, change.catalogue_version).await?;
        catalogue::hide(&mut tx, tenant, change.hidden).await?;
        identity::set_standing(&mut tx, change.import, change.stands).await?;
        more_evidence(&mut tx, tenant).await?;
        event(&mut tx, change.import, change.at, change.by, if change.stands { "brought back" } else { "undone" }).await?;
        tx.commit().await?;
        Ok(version)
    }
}

async fn event(tx: &mut Tx, import: ImportId, at: Instant, who: &str, what: &str) -> Result<(), JournalError> {
    let sql = "INSERT INTO import_events (import, n, at, who, what) \
         VALUES ($1, (SELECT coalesce(max(n), 0) + 1 FROM import_events WHERE import = $1), $2, $3, $4)";
    tx.execute(sql, args![import.0, at.micros(), who, what]).await.map(drop)
}

//! Records: what sources say besides touches. Every import's assertion is kept; of those that stand, the highest is read.

use std::collections::BTreeMap;

use kith_core::{ImportId, Record, RecordKind, TenantId};

use crate::sql::{Bulk, Row, Tx, args};
use crate::{Journal, JournalError, search};

const ASSERT: Bulk = Bulk {
    head: "INSERT INTO records (tenant, kind, record_key, import, version, body)",
    columns: 6,
    // Only calls assert a thing twice.
    tail: "ON CONFLICT (tenant, kind, record_key, import) DO UPDATE SET version = excluded.version, body = excluded.body \
           WHERE excluded.version > records.version OR (excluded.version = records.version AND excluded.body > records.body)",
};

impl Journal {
    /// What stands of a kind: for each key the assertion with the highest version (then the greater body), by key.
    ///
    /// The history of consents is this too: each change of mind is a key of its own.
    pub async fn records(&self, tenant: &TenantId, kind: RecordKind) -> Result<Vec<Record>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT body FROM (SELECT body, record_key, \
             row_number() OVER (PARTITION BY record_key ORDER BY version DESC, body DESC) AS place FROM records \
             WHERE tenant = $1 AND kind = $2 AND (import = 0 OR import IN (SELECT id FROM imports WHERE state = 'active'))) AS ranked \
             WHERE place = 1 ORDER BY record_key";
        self.pool().rows(sql, args![tenant, kind.as_str()], record).await
    }

    /// What stands of these keys of a kind ([`Record::key`]).
    pub async fn records_of(&self, tenant: &TenantId, kind: RecordKind, keys: &[String]) -> Result<Vec<Record>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT body FROM records WHERE tenant = $1 AND kind = $2 AND record_key = $3 \
             AND (import = 0 OR import IN (SELECT id FROM imports WHERE state = 'active')) ORDER BY version DESC, body DESC LIMIT 1";
        let mut found = Vec::new();
        let mut tx = self.begin_read().await?;
        for key in keys {
            found.extend(tx.row(sql, args![tenant, kind.as_str(), key], record).await?);
        }
        Ok(found)
    }

    /// Asserts something by call. `version` is when the source last changed it, in microseconds since 1970, or 0.
    pub async fn put_record(&self, tenant: &TenantId, record: Record, version: i64) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let records = [(record, version)];
        let mut tx = self.begin().await?;
        assert(&mut tx, tenant, ImportId::BY_CALL, &records).await?;
        search::index_by_call(&mut tx, tenant, search::texts(&[], &records, &[])).await?;
        tx.commit().await
    }
}

pub(crate) async fn assert(tx: &mut Tx, tenant: i64, import: ImportId, records: &[(Record, i64)]) -> Result<(), JournalError> {
    // One statement must not meet a key twice, so the best of each key is chosen here; the map also gives the table its order.
    let mut best: BTreeMap<(&str, String), (i64, String)> = BTreeMap::new();
    for (record, version) in records {
        let body = serde_json::to_string(record).map_err(|source| JournalError::Statement { source: source.into() })?;
        let said = (*version, body);
        let kept = best.entry((record.kind().as_str(), record.key())).or_default();
        if kept.1.is_empty() || *kept < said {
            *kept = said;
        }
    }
    let best: Vec<_> = best.into_iter().collect();
    tx.insert(ASSERT, best.len(), |place, out| {
        let ((kind, key), (version, body)) = &best[place];
        out.extend(args![tenant, *kind, key, import.0, *version, body]);
    })
    .await
    .map(drop)
}

fn record(row: &Row) -> Result<Record, JournalError> {
    let body = row.text(0)?;
    serde_json::from_str(&body).map_err(|error| JournalError::Unreadable { table: "records", what: error.to_string() })
}

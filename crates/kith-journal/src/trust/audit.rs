//! The log of what was done: rows are only ever added, each hashed together with the one before.
//!
//! Whoever changes, adds or takes out a row by hand breaks the chain, and [`Journal::audit_faults`] says where. Somebody who may write to the
//! database and knows Kith can make a whole new chain: against that, keep a copy of the last hash elsewhere.

use kith_core::{Digest, Instant, TenantId};

use super::change::number_of;
use crate::import::instant;
use crate::sql::{Row, Tx, args};
use crate::{Journal, JournalError};

/// Something that was done, to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuditLine {
    /// `None` is the store as a whole.
    pub tenant: Option<TenantId>,
    pub at: Instant,
    pub who: String,
    pub action: &'static str,
    /// On what, by its id.
    pub subject: String,
    /// JSON.
    pub details: String,
    pub address: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    pub number: i64,
    pub at: Instant,
    pub who: String,
    pub action: String,
    pub subject: String,
    pub details: String,
    pub address: String,
    pub hash: String,
}

/// Rows that a check reads at once.
const CHECKED_AT_ONCE: i64 = 1_000;

const LINE: &str = "n, at, who, action, subject, details, address, hash";

impl Journal {
    /// Lines of a tenant (`None`: of the store as a whole) before a number, the newest first; of one action or person where asked for.
    pub async fn audit_lines(
        &self,
        tenant: Option<&TenantId>,
        before: Option<i64>,
        action: Option<&str>,
        who: Option<&str>,
        limit: u32,
    ) -> Result<Vec<AuditLine>, JournalError> {
        let n = self.audit_tenant(tenant).await?;
        let sql = format!(
            "SELECT {LINE} FROM audit WHERE tenant = $1 AND n < $2 AND ($3 = '' OR action = $3) AND ($4 = '' OR who = $4) \
             ORDER BY n DESC LIMIT $5"
        );
        let values = args![n, before.unwrap_or(i64::MAX), action.unwrap_or_default(), who.unwrap_or_default(), i64::from(limit)];
        self.pool().rows(sql, values, line).await
    }

    /// The number and the hash of the last line: worth keeping outside the store.
    pub async fn audit_head(&self, tenant: Option<&TenantId>) -> Result<Option<(i64, String)>, JournalError> {
        let n = self.audit_tenant(tenant).await?;
        let sql = "SELECT n, hash FROM audit_heads WHERE tenant = $1";
        self.pool().row(sql, args![n], |row| Ok((row.int(0)?, row.text(1)?))).await
    }

    /// What is wrong with a chain, one sentence each, and how many lines it has. Reads all of them.
    pub async fn audit_faults(&self, tenant: Option<&TenantId>) -> Result<(i64, Vec<String>), JournalError> {
        let n = self.audit_tenant(tenant).await?;
        // One state for the head and the rows: others go on writing.
        let mut tx = self.begin_read().await?;
        let head =
            tx.row("SELECT n, hash FROM audit_heads WHERE tenant = $1", args![n], |row| Ok((row.int(0)?, row.text(1)?))).await?;
        let name = tenant.map_or("", TenantId::as_str);
        let (mut last, mut previous, mut faults) = (0, String::new(), Vec::new());
        loop {
            let sql = format!("SELECT {LINE} FROM audit WHERE tenant = $1 AND n > $2 ORDER BY n LIMIT $3");
            let lines = tx.rows(sql, args![n, last, CHECKED_AT_ONCE], line).await?;
            let full = i64::try_from(lines.len()).is_ok_and(|read| read == CHECKED_AT_ONCE);
            for line in lines {
                if line.number != last + 1 {
                    faults.push(format!("the lines {} to {} are gone", last + 1, line.number - 1));
                } else if line.hash != hash_of(&previous, name, &line) {
                    faults.push(format!("line {} was changed, or the one before it", line.number));
                }
                (last, previous) = (line.number, line.hash);
            }
            if !full || faults.len() > 20 {
                break;
            }
        }
        match head {
            None if last > 0 => faults.push("the note of its last line is gone".to_owned()),
            Some((number, _)) if number > last => faults.push(format!("the lines {} to {number} are gone", last + 1)),
            Some((number, hash)) if number != last || hash != previous => {
                faults.push("its last line is not the one that was written last".to_owned());
            }
            _ => {}
        }
        Ok((last, faults))
    }

    async fn audit_tenant(&self, tenant: Option<&TenantId>) -> Result<i64, JournalError> {
        match tenant {
            Some(tenant) => self.tenant_number(tenant).await,
            None => Ok(0),
        }
    }
}

/// Adds lines to their chains. Last in a transaction: the head of a chain is a row that every writer of that chain waits for.
pub(super) async fn write(tx: &mut Tx, lines: &[NewAuditLine]) -> Result<(), JournalError> {
    let mut order: Vec<&NewAuditLine> = lines.iter().collect();
    order.sort_by_key(|line| line.tenant.clone());
    for new in order {
        let name = new.tenant.as_ref().map_or("", TenantId::as_str);
        let number = number_of(tx, new.tenant.as_ref()).await?;
        let sql = "INSERT INTO audit_heads (tenant, n, hash) VALUES ($1, 1, '') \
             ON CONFLICT (tenant) DO UPDATE SET n = audit_heads.n + 1 RETURNING n, hash";
        let (n, previous) = tx
            .row(sql, args![number], |row| Ok((row.int(0)?, row.text(1)?)))
            .await?
            .ok_or_else(|| super::wrong("audit_heads")("a head that was written is not there".to_owned()))?;
        let line = AuditLine {
            number: n,
            at: new.at,
            who: new.who.clone(),
            action: new.action.to_owned(),
            subject: new.subject.clone(),
            details: new.details.clone(),
            address: new.address.clone(),
            hash: String::new(),
        };
        let hash = hash_of(&previous, name, &line);
        let sql = "INSERT INTO audit (tenant, n, at, who, action, subject, details, address, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = args![number, n, line.at.micros(), line.who, line.action, line.subject, line.details, line.address, &hash];
        tx.execute(sql, values).await?;
        tx.execute("UPDATE audit_heads SET hash = $2 WHERE tenant = $1", args![number, hash]).await?;
    }
    Ok(())
}

fn hash_of(previous: &str, tenant: &str, line: &AuditLine) -> String {
    let mut digest = Digest::new("audit").with(previous.as_bytes()).with(tenant.as_bytes());
    digest.add(&line.number.to_le_bytes());
    digest.add(&line.at.micros().to_le_bytes());
    for text in [&line.who, &line.action, &line.subject, &line.details, &line.address] {
        digest.add(text.as_bytes());
    }
    digest.hex()
}

fn line(row: &Row) -> Result<AuditLine, JournalError> {
    Ok(AuditLine {
        number: row.int(0)?,
        at: instant(row.int(1)?)?,
        who: row.text(2)?,
        action: row.text(3)?,
        subject: row.text(4)?,
        details: row.text(5)?,
        address: row.text(6)?,
        hash: row.text(7)?,
    })
}

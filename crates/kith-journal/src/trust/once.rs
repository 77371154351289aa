//! Requests that may come twice and are to be done once: who claimed one, and what was answered.

use kith_core::{Instant, TenantId};

use super::{SecretHash, hash, wrong};
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

/// Which request is meant: a caller's own word for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceKey {
    pub tenant: TenantId,
    pub caller: String,
    pub key: String,
}

/// A claim to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnceClaim {
    pub key: OnceKey,
    /// What the request is, method, path and body: another one with the same key is refused.
    pub request: SecretHash,
    /// The process that does the work.
    pub run: String,
    /// By which this claim is told from a later one.
    pub claim: String,
    pub at: Instant,
    /// From when on the key means nothing any more.
    pub ends_at: Instant,
    /// A claim that was made before this and has no answer is free again.
    pub lost_before: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOnce {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnceFound {
    /// Nobody has done it: it is the claimer's now.
    Fresh,
    Done(StoredOnce),
    InProgress,
    /// The key was used for something else.
    OtherRequest,
}

const AT_KEY: &str = "tenant = $1 AND caller = $2 AND once_key = $3";

impl Journal {
    /// Claims a request, or says what became of it.
    pub async fn claim_once(&self, new: &OnceClaim) -> Result<OnceFound, JournalError> {
        let n = self.tenant_number(&new.key.tenant).await?;
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO once_answers (tenant, caller, once_key, request, run, claim, claimed_at, ends_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant, caller, once_key) DO UPDATE SET \
             request = excluded.request, run = excluded.run, claim = excluded.claim, claimed_at = excluded.claimed_at, \
             ends_at = excluded.ends_at, status = NULL, content_type = NULL, body = NULL \
             WHERE once_answers.ends_at <= $7 OR (once_answers.status IS NULL AND once_answers.claimed_at < $9 \
             AND once_answers.request = excluded.request)";
        let values = args![
            n,
            &new.key.caller,
            &new.key.key,
            &new.request[..],
            &new.run,
            &new.claim,
            new.at.micros(),
            new.ends_at.micros(),
            new.lost_before.micros()
        ];
        if tx.execute(sql, values).await? > 0 {
            tx.commit().await?;
            return Ok(OnceFound::Fresh);
        }
        let sql = format!("SELECT request, status, content_type, body FROM once_answers WHERE {AT_KEY}");
        let found = tx.row(sql, args![n, &new.key.caller, &new.key.key], |row| found(row, &new.request)).await?;
        // It went away between the two statements: whoever had it gave it back, and the next try will get it.
        Ok(found.unwrap_or(OnceFound::InProgress))
    }

    /// Keeps the answer. `false`: the claim was lost meanwhile, and somebody else has it.
    pub async fn finish_once(&self, key: &OnceKey, claim: &str, answer: &StoredOnce) -> Result<bool, JournalError> {
        let n = self.tenant_number(&key.tenant).await?;
        let mut tx = self.begin().await?;
        let sql = format!(
            "UPDATE once_answers SET status = $5, content_type = $6, body = $7 WHERE {AT_KEY} AND claim = $4 AND status IS NULL"
        );
        let status = i64::from(answer.status);
        let values = args![n, &key.caller, &key.key, claim, status, &answer.content_type, &answer.body[..]];
        let kept = tx.execute(sql, values).await? > 0;
        tx.commit().await?;
        Ok(kept)
    }

    /// Gives a claim back: nothing was done.
    pub async fn release_once(&self, key: &OnceKey, claim: &str) -> Result<(), JournalError> {
        let n = self.tenant_number(&key.tenant).await?;
        let mut tx = self.begin().await?;
        let sql = format!("DELETE FROM once_answers WHERE {AT_KEY} AND claim = $4 AND status IS NULL");
        tx.execute(sql, args![n, &key.caller, &key.key, claim]).await?;
        tx.commit().await
    }

    /// At a server's start: claims of processes that are no more. Says how many there were.
    pub async fn release_claims_of_others(&self, run: &str) -> Result<u64, JournalError> {
        let mut tx = self.begin().await?;
        let freed = tx.execute("DELETE FROM once_answers WHERE status IS NULL AND run <> $1", args![run]).await?;
        tx.commit().await?;
        Ok(freed)
    }
}

fn found(row: &Row, request: &SecretHash) -> Result<OnceFound, JournalError> {
    if hash(&row.bytes(0)?, "once_answers")? != *request {
        return Ok(OnceFound::OtherRequest);
    }
    let Some(status) = row.maybe_int(1)? else { return Ok(OnceFound::InProgress) };
    let status = u16::try_from(status).map_err(|_| wrong("once_answers")(format!("{status} is no status")))?;
    let content_type = row.maybe_text(2)?.unwrap_or_default();
    Ok(OnceFound::Done(StoredOnce { status, content_type, body: row.maybe_bytes(3)?.unwrap_or_default() }))
}

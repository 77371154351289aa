//! Failed attempts to get in, counted so that they outlive a restart. How long one has to wait is the desk's to say.

use kith_core::Instant;

use crate::import::instant;
use crate::sql::args;
use crate::{Journal, JournalError};

/// On what an attempt is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptSubject {
    /// What sort of thing it is: an account, an address…
    pub scope: &'static str,
    pub subject: [u8; 32],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptState {
    pub failures: u32,
    pub last_at: Instant,
    /// From when on the next attempt may be made.
    pub free_at: Instant,
}

impl Journal {
    /// Counts one attempt on each subject before it is made, so that a hundred at once are a hundred. `next` says for each what holds from now
    /// on, or until when one has to wait: then nothing is counted, so that attempts in vain do not make the wait longer.
    pub async fn take_attempts(
        &self,
        subjects: &[AttemptSubject],
        now: Instant,
        next: impl Fn(usize, AttemptState) -> Result<AttemptState, Instant>,
    ) -> Result<Result<(), Instant>, JournalError> {
        let mut tx = self.begin().await?;
        for (n, subject) in subjects.iter().enumerate() {
            // Written first, so that whoever comes at the same time waits here.
            let sql = "INSERT INTO attempts (scope, subject, failures, last_at, free_at) VALUES ($1, $2, 0, $3, $3) \
                 ON CONFLICT (scope, subject) DO UPDATE SET failures = attempts.failures RETURNING failures, last_at, free_at";
            let found = tx
                .row(sql, args![subject.scope, &subject.subject[..], now.micros()], |row| {
                    let failures = u32::try_from(row.count(0)?).unwrap_or(u32::MAX);
                    Ok(AttemptState { failures, last_at: instant(row.int(1)?)?, free_at: instant(row.int(2)?)? })
                })
                .await?
                .unwrap_or(AttemptState { failures: 0, last_at: now, free_at: now });
            let state = match next(n, found) {
                Ok(state) => state,
                Err(until) => return Ok(Err(until)),
            };
            let sql = "UPDATE attempts SET failures = $3, last_at = $4, free_at = $5 WHERE scope = $1 AND subject = $2";
            let failures = i64::from(state.failures);
            let values = args![subject.scope, &subject.subject[..], failures, state.last_at.micros(), state.free_at.micros()];
            tx.execute(sql, values).await?;
        }
        tx.commit().await?;
        Ok(Ok(()))
    }
}

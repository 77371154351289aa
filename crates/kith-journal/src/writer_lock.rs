//! One writer at a time. On SQLite the desk holds a file lock beside the file; on PostgreSQL the server keeps the lock.

use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Connection};

use crate::sql::Pool;
use crate::{Journal, JournalError};

/// Two numbers of our own under which PostgreSQL knows the locks ("kith" in letters, and a count).
const LOCK_OF_WRITER: i64 = 0x6b69_7468_0001;
pub(crate) const LOCK_OF_SCHEMA: i64 = 0x6b69_7468_0002;
pub(crate) const LOCK_OF_SEARCH: i64 = 0x6b69_7468_0003;

/// Held as long as this value lives.
pub enum WriterLock {
    /// SQLite: whoever writes holds the file lock of the store's folder.
    NoneNeeded,
    /// A connection of its own, whose end frees the lock.
    Held(Box<HeldLock>),
}

pub struct HeldLock(PgConnection);

impl Journal {
    /// Becomes the one writer of a store on PostgreSQL, or says [`JournalError::Locked`] when there is one already.
    pub async fn writer_lock(&self) -> Result<WriterLock, JournalError> {
        let Pool::Postgres(pool) = self.pool() else { return Ok(WriterLock::NoneNeeded) };
        let mut connection = pool.connect_options().as_ref().clone().connect().await?;
        let took: bool =
            sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK_OF_WRITER).fetch_one(&mut connection).await?;
        if took { Ok(WriterLock::Held(Box::new(HeldLock(connection)))) } else { Err(JournalError::Locked { source: None }) }
    }
}

impl WriterLock {
    /// Is the lock still ours? A server that was restarted has forgotten it. Ask before a long piece of work; what a second writer did
    /// meanwhile shows as [`JournalError::Conflict`] at the latest.
    pub async fn still_held(&mut self) -> bool {
        match self {
            Self::NoneNeeded => true,
            Self::Held(lock) => lock.0.ping().await.is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;
    use crate::testing;

    #[tokio::test]
    async fn a_second_writer_is_told_and_may_write_when_the_first_has_gone() {
        for store in testing::stores().await {
            let mut first = store.journal.writer_lock().await.unwrap();
            assert!(first.still_held().await);
            if store.journal.engine() == Engine::Postgres {
                let other = Journal::open(&store.url).await.unwrap();
                assert!(matches!(other.writer_lock().await, Err(JournalError::Locked { .. })));
                drop(first);
                // The server notices the end of a connection by itself, a moment later.
                let mut tries = 0;
                while other.writer_lock().await.is_err() {
                    tries += 1;
                    assert!(tries < 100, "the lock outlived its connection");
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            }
        }
    }
}

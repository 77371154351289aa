//! The tables and how an older store becomes a newer one.

use crate::sql::{Engine, Tx, args};
use crate::{Journal, JournalError};

/// A step of the schema: its number is its place in this list, counted from one.
struct Step {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    /// Written once in SQLite's words and translated for PostgreSQL.
    common: bool,
}

macro_rules! common {
    ($file:literal) => {
        Step {
            name: $file,
            sqlite: include_str!(concat!("../../../migrations/common/", $file, ".sql")),
            postgres: include_str!(concat!("../../../migrations/common/", $file, ".sql")),
            common: true,
        }
    };
}

macro_rules! engines {
    ($file:literal) => {
        Step {
            name: $file,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $file, ".sql")),
            common: false,
        }
    };
}

const STEPS: &[Step] =
    &[common!("0001_ground"), engines!("0001_search"), common!("0002_plan"), common!("0003_trust"), common!("0004_door")];

/// The schema that this Kith writes.
pub(crate) const KNOWN: i64 = STEPS.len() as i64;

/// SQLite's word, PostgreSQL's word. Text is compared byte by byte on both, whatever the language of the server.
const WORDS: [(&str, &str); 5] = [
    ("INTEGER", "BIGINT"),
    ("REAL", "DOUBLE PRECISION"),
    ("BLOB", "BYTEA"),
    ("TEXT", "TEXT COLLATE \"C\""),
    (" WITHOUT ROWID", ""),
];

fn in_postgres_words(sql: &str) -> String {
    WORDS.iter().fold(sql.to_owned(), |sql, (sqlite, postgres)| sql.replace(sqlite, postgres))
}

impl Journal {
    /// The number of the schema that the store has; it goes up when a newer Kith opens it for the first time.
    pub async fn schema_version(&self) -> Result<i64, JournalError> {
        self.pool()
            .row("SELECT coalesce(max(n), 0) FROM schema_steps", args![], |row| row.int(0))
            .await
            .map(Option::unwrap_or_default)
    }

    /// Brings the store to the schema of this Kith, each step in a transaction of its own.
    pub(crate) async fn migrate(&self) -> Result<(), JournalError> {
        loop {
            let mut tx = self.begin().await?;
            if tx.engine() == Engine::Postgres {
                // Two processes that start at once: the second waits here and then finds nothing to do.
                tx.rows("SELECT pg_advisory_xact_lock($1)", args![crate::writer_lock::LOCK_OF_SCHEMA], |_| Ok(())).await?;
            }
            let table = "CREATE TABLE IF NOT EXISTS schema_steps (n INTEGER PRIMARY KEY, name TEXT NOT NULL)";
            let table = if tx.engine() == Engine::Postgres { in_postgres_words(table) } else { table.to_owned() };
            tx.script(table).await?;
            let found =
                tx.row("SELECT coalesce(max(n), 0) FROM schema_steps", args![], |row| row.int(0)).await?.unwrap_or_default();
            if found > KNOWN {
                return Err(JournalError::NewerSchema { found, known: KNOWN });
            }
            let Some(step) = usize::try_from(found).ok().and_then(|done| STEPS.get(done)) else {
                return tx.commit().await;
            };
            take(&mut tx, step).await?;
            tx.execute("INSERT INTO schema_steps (n, name) VALUES ($1, $2)", args![found + 1, step.name]).await?;
            tx.commit().await?;
            tracing::debug!(step = step.name, "the store has taken the step {} of the schema", step.name);
        }
    }

    /// For a store that may only be read: says whether this Kith can read it.
    pub(crate) async fn check_schema(&self) -> Result<(), JournalError> {
        match self.schema_version().await? {
            found if found > KNOWN => Err(JournalError::NewerSchema { found, known: KNOWN }),
            found if found < KNOWN => Err(JournalError::OlderSchema { found, known: KNOWN }),
            _ => Ok(()),
        }
    }
}

async fn take(tx: &mut Tx, step: &Step) -> Result<(), JournalError> {
    let sql = match (tx.engine(), step.common) {
        (Engine::Sqlite, _) => step.sqlite.to_owned(),
        (Engine::Postgres, true) => in_postgres_words(step.postgres),
        (Engine::Postgres, false) => step.postgres.to_owned(),
    };
    tx.script(sql).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn a_store_of_a_newer_kith_is_not_opened() {
        for store in testing::stores().await {
            let mut tx = store.journal.begin().await.unwrap();
            tx.execute("INSERT INTO schema_steps (n, name) VALUES ($1, $2)", args![KNOWN + 1, "of tomorrow"]).await.unwrap();
            tx.commit().await.unwrap();
            let again = Journal::open(&store.url).await;
            assert!(matches!(again, Err(JournalError::NewerSchema { .. })), "{}", store.url);
        }
    }

    #[tokio::test]
    async fn opening_twice_at_once_takes_each_step_once() {
        for store in testing::stores().await {
            let (one, two) = tokio::join!(Journal::open(&store.url), Journal::open(&store.url));
            assert_eq!(one.unwrap().schema_version().await.unwrap(), KNOWN);
            assert_eq!(two.unwrap().schema_version().await.unwrap(), KNOWN);
        }
    }
}

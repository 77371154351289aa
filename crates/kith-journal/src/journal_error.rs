//! What can go wrong with the journal, as somebody who has to do something about it sees it.

use kith_core::{IdentityId, ImportId};

type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("`{0}` names no store: write sqlite:PATH or postgres://USER@HOST/DATABASE")]
    Url(String),
    #[error("the store {url} cannot be opened: check that its folder exists and may be written")]
    CannotOpen {
        url: String,
        #[source]
        source: Source,
    },
    #[error("the store is held by another process: wait until it has finished, or stop it, and try again")]
    Locked {
        #[source]
        source: Option<Source>,
    },
    #[error("the disk of the store is full: free some space and do it again; nothing was half written")]
    DiskFull {
        #[source]
        source: Source,
    },
    #[error("the store may only be read: give write permission on its file and its folder")]
    ReadOnly {
        #[source]
        source: Option<Source>,
    },
    #[error(
        "{} cannot be read where nothing may be written, because a log beside it holds what it does not have yet: \
         run any kith command once where the folder may be written, or copy the folder to where you may", path.display()
    )]
    NeedsWriting {
        path: std::path::PathBuf,
        #[source]
        source: Source,
    },
    #[error("the store's file is damaged or no database: run `kith doctor`, and bring back the last backup")]
    Corrupt {
        #[source]
        source: Source,
    },
    #[error("the disk of the store does not answer as it should: look at the machine's log, then run `kith doctor`")]
    Disk {
        #[source]
        source: Source,
    },
    /// What was under way happened wholly or not at all: ask (for instance [`crate::Journal::import`]) before doing it again.
    #[error("PostgreSQL cannot be reached or has gone away: start it and do it again; nothing was half written")]
    Unreachable {
        #[source]
        source: Source,
    },
    #[error("PostgreSQL refused the user, the password or the database: check the address in kith.toml")]
    Refused {
        #[source]
        source: Source,
    },
    #[error("{what} was changed by somebody else meanwhile: read it again and repeat")]
    Conflict { what: String },
    #[error("the store was written by a newer Kith (schema {found}, this one knows {known}): install the newer one")]
    NewerSchema { found: i64, known: i64 },
    #[error("the store is of an older Kith (schema {found} of {known}) and may only be read: open it once with write permission")]
    OlderSchema { found: i64, known: i64 },
    #[error("there is no {what}")]
    NotFound { what: String },
    #[error("the identities `{one}` and `{other}` have the same number {id}, by chance or by intent: leave one of them out")]
    IdentityClash { id: IdentityId, one: String, other: String },
    #[error("import {id} is {state}, so this cannot be done with it")]
    ImportState { id: ImportId, state: String },
    #[error("{what} needs SQLite; for PostgreSQL use {instead}")]
    NeedsSqlite { what: &'static str, instead: &'static str },
    #[error("a row of {table} cannot be read ({what}): run `kith doctor`")]
    Unreadable { table: &'static str, what: String },
    #[error("the database refused a statement; this is a fault of Kith, please report it")]
    Statement {
        #[source]
        source: Source,
    },
}

impl From<sqlx::Error> for JournalError {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Database(database) => database.code().map(|code| code.into_owned()),
            _ => None,
        };
        match code {
            // SQLSTATE has five characters; SQLite's extended codes are numbers of at most four digits.
            Some(code) if code.len() == 5 => of_postgres(&code, Box::new(error)),
            Some(code) => of_sqlite(code.parse().unwrap_or(1), Box::new(error)),
            None => of_client(error),
        }
    }
}

/// <https://www.sqlite.org/rescode.html>: the low byte is the primary code.
fn of_sqlite(code: i32, source: Source) -> JournalError {
    match code & 0xff {
        5 | 6 => JournalError::Locked { source: Some(source) },
        8 => JournalError::ReadOnly { source: Some(source) },
        10 => JournalError::Disk { source },
        11 | 26 => JournalError::Corrupt { source },
        13 => JournalError::DiskFull { source },
        14 => JournalError::CannotOpen { url: "of SQLite".to_owned(), source },
        19 => JournalError::Conflict { what: "a row with the same key".to_owned() },
        _ => JournalError::Statement { source },
    }
}

/// <https://www.postgresql.org/docs/15/errcodes-appendix.html>
fn of_postgres(code: &str, source: Source) -> JournalError {
    match code {
        "53100" => JournalError::DiskFull { source },
        "25006" => JournalError::ReadOnly { source: Some(source) },
        "55P03" | "57014" => JournalError::Locked { source: Some(source) },
        "40001" | "40P01" | "23502" | "23505" => JournalError::Conflict { what: "a row with the same key".to_owned() },
        "58030" => JournalError::Disk { source },
        // 57P: the server is shut down or starts up; 53: out of memory or connections; 08: the connection.
        _ if ["57P", "08", "53"].iter().any(|class| code.starts_with(class)) => JournalError::Unreachable { source },
        _ if code.starts_with("28") || code.starts_with("3D") || code == "42501" => JournalError::Refused { source },
        _ if code.starts_with("XX00") => JournalError::Corrupt { source },
        _ => JournalError::Statement { source },
    }
}

fn of_client(error: sqlx::Error) -> JournalError {
    use sqlx::Error as E;
    match error {
        E::PoolTimedOut => JournalError::Locked { source: Some(Box::new(error)) },
        // A server that falls over in the middle of an answer shows as a broken protocol.
        E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolClosed | E::WorkerCrashed => {
            JournalError::Unreachable { source: Box::new(error) }
        }
        E::ColumnDecode { .. } | E::Decode(_) | E::ColumnNotFound(_) | E::ColumnIndexOutOfBounds { .. } => {
            JournalError::Unreadable { table: "the store", what: error.to_string() }
        }
        _ => JournalError::Statement { source: Box::new(error) },
    }
}

//! One SQL text for two engines: values in, rows out, a transaction, and inserts of many rows.
//!
//! `sqlx::Any` would do nearly this, but it sends the empty value of a double as that of a float (which PostgreSQL then refuses for the
//! cached statement), copies every text twice, and leaves no room for SQLite's options. Three enums are less than working around that.

use std::borrow::Cow;
use std::fmt::Write as _;

use futures::TryStreamExt;
use sqlx::postgres::{PgArguments, PgPool, PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Executor, Row as _, SqlSafeStr, SqlStr, Transaction};

use crate::JournalError;

type Result<T> = std::result::Result<T, JournalError>;

/// Which database keeps the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// What is bound to `$1`, `$2`…
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($from:ty => $value:ident($made:expr)),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                let make: fn($from) -> _ = $made;
                Self::$value(make(value))
            }
        }
    )*};
}
value_from! {
    i64 => Int(Some),
    Option<i64> => Int(|value| value),
    f64 => Real(Some),
    Option<f64> => Real(|value| value),
    &str => Text(|text| Some(text.to_owned())),
    String => Text(Some),
    &String => Text(|text| Some(text.clone())),
    Option<&str> => Text(|text| text.map(str::to_owned)),
    Option<String> => Text(|text| text),
    &[u8] => Bytes(|bytes| Some(bytes.to_vec())),
    Option<Vec<u8>> => Bytes(|bytes| bytes),
}

/// The values of one statement, each turned into a [`Value`].
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::Value::from($value)),*] };
}
pub(crate) use args;

pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! column {
    ($($name:ident -> $type:ty),* $(,)?) => {$(
        pub fn $name(&self, index: usize) -> Result<$type> {
            Ok(match self {
                Self::Sqlite(row) => row.try_get(index)?,
                Self::Postgres(row) => row.try_get(index)?,
            })
        }
    )*};
}

impl Row {
    column! {
        int -> i64, maybe_int -> Option<i64>, real -> f64, maybe_real -> Option<f64>,
        text -> String, maybe_text -> Option<String>, bytes -> Vec<u8>, maybe_bytes -> Option<Vec<u8>>,
    }

    /// A count that cannot be negative.
    pub fn count(&self, index: usize) -> Result<u64> {
        Ok(self.int(index)?.unsigned_abs())
    }
}

fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        let added = match value {
            Value::Int(value) => arguments.add(value),
            Value::Real(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        };
        added.map_err(|source| JournalError::Statement { source })?;
    }
    Ok(arguments)
}

fn postgres_arguments(values: Vec<Value>) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), values.len() * 12);
    for value in values {
        let added = match value {
            Value::Int(value) => arguments.add(value),
            Value::Real(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        };
        added.map_err(|source| JournalError::Statement { source })?;
    }
    Ok(arguments)
}

async fn sqlite_rows<'e, T>(
    executor: impl Executor<'e, Database = Sqlite>,
    sql: SqlStr,
    values: Vec<Value>,
    mut read: impl FnMut(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut rows = sqlx::query_with(sql, sqlite_arguments(values)?).fetch(executor);
    let mut out = Vec::new();
    while let Some(row) = rows.try_next().await? {
        out.push(read(&Row::Sqlite(row))?);
    }
    Ok(out)
}

async fn postgres_rows<'e, T>(
    executor: impl Executor<'e, Database = Postgres>,
    sql: SqlStr,
    values: Vec<Value>,
    mut read: impl FnMut(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut rows = sqlx::query_with(sql, postgres_arguments(values)?).fetch(executor);
    let mut out = Vec::new();
    while let Some(row) = rows.try_next().await? {
        out.push(read(&Row::Postgres(row))?);
    }
    Ok(out)
}

/// A pool that waited in vain means another writer on SQLite, and a server that does not come back on PostgreSQL.
fn gone(error: JournalError) -> JournalError {
    match error {
        JournalError::Locked { source: Some(source) } if matches!(source.downcast_ref(), Some(sqlx::Error::PoolTimedOut)) => {
            JournalError::Unreachable { source }
        }
        other => other,
    }
}

/// SQL made by this crate: constant text, or constant text with placeholders written by [`placeholders`]. Values are always bound.
fn safe(sql: impl Into<Cow<'static, str>>) -> SqlStr {
    AssertSqlSafe(sql.into()).into_sql_str()
}

impl Pool {
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub async fn rows<T>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        values: Vec<Value>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(pool) => sqlite_rows(pool, safe(sql), values, read).await,
            Self::Postgres(pool) => postgres_rows(pool, safe(sql), values, read).await.map_err(gone),
        }
    }

    pub async fn row<T>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        values: Vec<Value>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, values, read).await?.pop())
    }
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
pub(crate) struct Tx {
    kind: TxKind,
    /// Writers of this process queue here, because SQLite's own waiting is a poll with growing pauses.
    _turn: Option<tokio::sync::OwnedMutexGuard<()>>,
}

enum TxKind {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// For writing: on SQLite the write lock is taken at once, so that nothing fails half-way for want of it.
    pub async fn write(pool: &Pool, turn: Option<tokio::sync::OwnedMutexGuard<()>>) -> Result<Self> {
        let kind = match pool {
            Pool::Sqlite(pool) => TxKind::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Pool::Postgres(pool) => TxKind::Postgres(pool.begin().await.map_err(|error| gone(error.into()))?),
        };
        Ok(Self { kind, _turn: turn })
    }

    /// For several questions that must see the same state.
    pub async fn read(pool: &Pool) -> Result<Self> {
        let kind = match pool {
            Pool::Sqlite(pool) => TxKind::Sqlite(pool.begin().await?),
            Pool::Postgres(pool) => {
                let begun = pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await;
                TxKind::Postgres(begun.map_err(|error| gone(error.into()))?)
            }
        };
        Ok(Self { kind, _turn: None })
    }

    pub const fn engine(&self) -> Engine {
        match self.kind {
            TxKind::Sqlite(_) => Engine::Sqlite,
            TxKind::Postgres(_) => Engine::Postgres,
        }
    }

    pub async fn commit(self) -> Result<()> {
        match self.kind {
            TxKind::Sqlite(tx) => tx.commit().await?,
            TxKind::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Runs one statement and says how many rows it touched.
    pub async fn execute(&mut self, sql: impl Into<Cow<'static, str>>, values: Vec<Value>) -> Result<u64> {
        self.execute_cached(safe(sql), values, true).await
    }

    async fn execute_cached(&mut self, sql: SqlStr, values: Vec<Value>, cached: bool) -> Result<u64> {
        Ok(match &mut self.kind {
            TxKind::Sqlite(tx) => {
                let query = sqlx::query_with(sql, sqlite_arguments(values)?).persistent(cached);
                query.execute(&mut **tx).await?.rows_affected()
            }
            TxKind::Postgres(tx) => {
                let query = sqlx::query_with(sql, postgres_arguments(values)?).persistent(cached);
                query.execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Runs a text of several statements without values.
    pub async fn script(&mut self, sql: String) -> Result<()> {
        match &mut self.kind {
            TxKind::Sqlite(tx) => sqlx::raw_sql(safe(sql)).execute(&mut **tx).await.map(drop)?,
            TxKind::Postgres(tx) => sqlx::raw_sql(safe(sql)).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    pub async fn rows<T>(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        values: Vec<Value>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        match &mut self.kind {
            TxKind::Sqlite(tx) => sqlite_rows(&mut **tx, safe(sql), values, read).await,
            TxKind::Postgres(tx) => postgres_rows(&mut **tx, safe(sql), values, read).await,
        }
    }

    pub async fn row<T>(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        values: Vec<Value>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, values, read).await?.pop())
    }

    /// Inserts `count` rows, of which `row` writes the values by their place, and says how many were touched.
    ///
    /// Full batches share one cached statement. Two rows of one call must not have the same key where the tail updates on conflict.
    pub async fn insert(&mut self, bulk: Bulk, count: usize, mut row: impl FnMut(usize, &mut Vec<Value>)) -> Result<u64> {
        let (engine, mut from, mut affected) = (self.engine(), 0, 0);
        let full = bulk.text(engine, bulk.size());
        while from < count {
            let (sql, values, rows) = bulk.batch(engine, &full, from..count, &mut row);
            affected += self.execute_cached(safe(sql), values, rows == bulk.size() || rows == 1).await?;
            from += rows;
        }
        Ok(affected)
    }

    /// The same with a tail that ends in `RETURNING`, and what comes back.
    pub async fn insert_returning<T>(
        &mut self,
        bulk: Bulk,
        count: usize,
        mut row: impl FnMut(usize, &mut Vec<Value>),
        mut read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let (engine, mut from, mut out) = (self.engine(), 0, Vec::new());
        let full = bulk.text(engine, bulk.size());
        while from < count {
            let (sql, values, rows) = bulk.batch(engine, &full, from..count, &mut row);
            out.extend(self.rows(sql, values, &mut read).await?);
            from += rows;
        }
        Ok(out)
    }
}

/// Values a statement: enough that the way to the database costs little, few enough that its parser is quick.
const BATCH_VALUES: usize = 900;

/// How many numbers one statement asks for.
const ASKED_AT_ONCE: usize = 256;

/// An insert of many rows: `head` is `INSERT INTO t (…)`, `tail` what follows the values.
#[derive(Clone, Copy)]
pub(crate) struct Bulk {
    pub head: &'static str,
    pub columns: usize,
    pub tail: &'static str,
}

impl Bulk {
    fn size(self) -> usize {
        (BATCH_VALUES / self.columns).max(1)
    }

    /// The next statement, its values, and for how many rows it is.
    fn batch(
        self,
        engine: Engine,
        full: &str,
        places: std::ops::Range<usize>,
        row: &mut impl FnMut(usize, &mut Vec<Value>),
    ) -> (String, Vec<Value>, usize) {
        let rows = places.len().min(self.size());
        let mut values = Vec::with_capacity(rows * self.columns);
        for place in places.take(rows) {
            row(place, &mut values);
        }
        (if rows == self.size() { full.to_owned() } else { self.text(engine, rows) }, values, rows)
    }

    fn text(self, engine: Engine, rows: usize) -> String {
        let mut sql = String::with_capacity(self.head.len() + self.tail.len() + rows * self.columns * 6 + 16);
        sql.push_str(self.head);
        sql.push_str(" VALUES ");
        let mut number = 1;
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns {
                let comma = if column == 0 { "" } else { ", " };
                let _ = match engine {
                    // SQLite looks named places up one after another; unnamed ones cost nothing.
                    Engine::Sqlite => write!(sql, "{comma}?"),
                    Engine::Postgres => write!(sql, "{comma}${number}"),
                };
                number += 1;
            }
            sql.push(')');
        }
        sql.push(' ');
        sql.push_str(self.tail);
        sql
    }
}

/// Splits numbers into groups of one size, the last filled up with its own first number, so that `IN (…)` is one cached statement.
pub(crate) fn groups(numbers: &[i64]) -> Vec<Vec<i64>> {
    let filled = |chunk: &[i64]| {
        let mut group = chunk.to_vec();
        group.resize(ASKED_AT_ONCE, chunk[0]);
        group
    };
    numbers.chunks(ASKED_AT_ONCE).map(filled).collect()
}

/// `$2, $3, …`: places for one of [`groups`], the first of them being `from`.
pub(crate) fn placeholders(from: usize) -> String {
    let mut out = String::new();
    for n in from..from + ASKED_AT_ONCE {
        let _ = write!(out, "{}${n}", if n == from { "" } else { ", " });
    }
    out
}

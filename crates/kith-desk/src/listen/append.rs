//! Touches that come by call: each batch is durable when it is acknowledged.
//!
//! A line is a JSON object with the same names that a file's columns may have, and is read by the same rules, so that the same event
//! by file and by call is one touch.

use std::collections::HashMap;

use kith_channels::file::{Chunk, ImportKind, MappingError, Plan, PostTimes, RowReader, Yield, guess};
use kith_core::{ImportId, Instant, Refusal, Tenant};
use serde_json::{Map, Value};

use super::import::ImportError;
use crate::identity::merges;
use crate::store::{Store, StoreError};

/// Reads lines; remembers the sets of names it has met, so that most lines need no new mapping.
pub struct CallReader {
    tenant: Tenant,
    readers: HashMap<Vec<String>, RowReader>,
}

/// So many different sets of names are remembered; whoever sends more is not sending one kind of thing.
const MOST_READERS: usize = 64;

impl CallReader {
    #[must_use]
    pub fn new(tenant: &Tenant) -> Self {
        Self { tenant: tenant.clone(), readers: HashMap::new() }
    }

    fn read(&mut self, number: u64, line: &str, said: &mut Yield) -> Result<(), MappingError> {
        let object: Map<String, Value> = match serde_json::from_str(line) {
            Ok(object) => object,
            Err(error) => {
                said.refusals.push(refusal(number, line, format!("this is no JSON object: {error}")));
                return Ok(());
            }
        };
        let columns: Vec<String> = object.keys().cloned().collect();
        let cells: Vec<String> = object.values().map(cell).collect();
        let width = columns.len();
        if !self.readers.contains_key(&columns) {
            if self.readers.len() >= MOST_READERS {
                self.readers.clear();
            }
            let guessed = guess(&columns, std::slice::from_ref(&cells), Some(ImportKind::Touches), &self.tenant);
            let plan = Plan::new(&guessed.mapping, &columns, &self.tenant, ImportId::BY_CALL, &PostTimes::default())?;
            self.readers.insert(columns.clone(), plan.reader());
        }
        if let Some(reader) = self.readers.get_mut(&columns) {
            Chunk::cells(number, width, vec![cells]).each(|row| match row {
                Ok(row) => reader.read(row, said),
                Err(misfit) => said.refusals.push(misfit.refusal),
            });
        }
        Ok(())
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn refusal(row: u64, line: &str, reason: String) -> Refusal {
    Refusal { row, column: String::new(), value: line.chars().take(200).collect(), reason }
}

/// Appends some lines, of which the first has the number `first`, in one transaction. What it returns is durable: how many lines
/// are in the journal now (new or known), and those that were refused.
pub async fn append(
    store: &Store,
    tenant: &Tenant,
    reader: &mut CallReader,
    first: u64,
    lines: &[String],
) -> Result<(u64, Vec<Refusal>), ImportError> {
    let mut said = Yield::default();
    for (number, line) in (first..).zip(lines).filter(|(_, line)| !line.trim().is_empty()) {
        if let Err(error) = reader.read(number, line, &mut said) {
            said.refusals.push(refusal(number, line, error.to_string()));
        }
    }
    store.journal.append(&tenant.id, &said.touches, &said.identities, &said.links).await?;
    Ok((said.touches.len() as u64, said.refusals))
}

/// What need not be done for every batch: merges judged again, and compaction where enough has come.
pub async fn after_calls(store: &Store, tenant: &Tenant, now: Instant) -> Result<(), StoreError> {
    merges::judge_again(store, tenant, now).await?;
    if store.journal.hot_count(&tenant.id).await? >= u64::from(store.config.compaction.hot_rows) {
        super::compact(store, tenant).await?;
    }
    Ok(())
}

//! Reads rows by a plan: one reader a thread, each with its own memory of words it has met.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use kith_core::{Channel, Digest, Identity, Link, Medium, Record, Refusal, Touch, TouchId, TouchKind, WhenParser};

use super::cells::Cells;
use super::own_id::{self, Plain};
use super::plan::Rules;
use super::{Field, ImportKind, read_case, read_contact, read_cost, read_order, read_post, read_review, read_touch, words};
use crate::file::Row;

/// What rows said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Yield {
    pub touches: Vec<Touch>,
    /// Identities that this reader had not handed over before (another reader may have).
    pub identities: Vec<Identity>,
    pub links: Vec<Link>,
    /// Each with its version.
    pub records: Vec<(i64, Record)>,
    pub refusals: Vec<Refusal>,
    /// Rows met.
    pub rows: u64,
    /// Of these, rows of sums and empty rows, which are not read.
    pub passed_over: u64,
    /// How often a cell was kept as an attribute because it names nobody: `unread-phone`, `unread-email`, `masked-login`.
    pub notes: BTreeMap<&'static str, u64>,
}

impl Yield {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.touches.clear();
        self.identities.clear();
        self.links.clear();
        self.records.clear();
        self.refusals.clear();
        self.notes.clear();
        self.rows = 0;
        self.passed_over = 0;
    }
}

/// Reads rows, for one thread.
#[derive(Debug)]
pub struct RowReader {
    rules: Arc<Rules>,
    when: WhenParser,
    work: Work,
}

/// What a reader remembers from row to row.
#[derive(Debug, Default)]
pub struct Work {
    channels: HashMap<Box<str>, Channel>,
    media: HashMap<Box<str>, Medium>,
    kinds: HashMap<Box<str>, TouchKind>,
    seen: HashSet<i64, BuildHasherDefault<Plain>>,
    pub own_id: String,
}

impl RowReader {
    pub(super) fn new(rules: Arc<Rules>) -> Self {
        let when = WhenParser::new(rules.calendar, rules.export_time).day_first(rules.day_first);
        Self { rules, when, work: Work::default() }
    }

    /// Reads one row: all that it says goes to `out`, or one refusal, or it is passed over and counted.
    pub fn read(&mut self, row: Row<'_>, out: &mut Yield) {
        out.rows += 1;
        let cells = Cells { rules: &self.rules, when: &self.when, row };
        if passes_over(&cells) {
            out.passed_over += 1;
            return;
        }
        let work = &mut self.work;
        let read = match self.rules.kind {
            ImportKind::Touches => read_touch::read(&cells, work, out),
            ImportKind::Contacts => read_contact::read(&cells, work, out),
            ImportKind::Posts => read_post::read(&cells, work, out),
            ImportKind::Orders => read_order::read(&cells, work, out),
            ImportKind::Costs => read_cost::read(&cells, work, out),
            ImportKind::Reviews => read_review::read(&cells, work, out),
            ImportKind::Cases => read_case::read(&cells, work, out),
        };
        if let Err(refusal) = read {
            out.refusals.push(refusal);
        }
    }
}

/// Is this a row of sums, or one that says nothing?
fn passes_over(cells: &Cells<'_>) -> bool {
    let row = &cells.row;
    let first = (0..row.len()).map(|column| row.cell(column).trim()).find(|cell| !cell.is_empty());
    match first {
        None => true,
        Some(first) => words::is_total(first),
    }
}

impl Work {
    /// Distinct words a reader remembers; a column of free text mapped by mistake must not fill the memory.
    const WORDS: usize = 20_000;
    /// Identities and links a reader remembers to have handed over; beyond it starts anew and hands some over twice.
    const SEEN: usize = 4_000_000;

    /// Is this the first time that the reader meets `number`?
    pub fn is_new(&mut self, number: i64) -> bool {
        if self.seen.len() >= Self::SEEN {
            self.seen.clear();
        }
        self.seen.insert(number)
    }

    pub fn channel(&mut self, cells: &Cells<'_>) -> Result<Channel, Refusal> {
        let word = cells.text(&Field::Channel);
        if word.is_empty() {
            return Ok(cells.rules.channel.clone());
        }
        remember(&mut self.channels, word, || {
            let known = words::medium(word).filter(|_| !word.is_ascii()).map(|medium| medium.as_str().to_owned());
            let plain = word.replace([' ', '/'], "-");
            Channel::parse(known.as_deref().unwrap_or(&plain))
                .map_err(|error| cells.refuse(&Field::Channel, word, &error.to_string()))
        })
    }

    pub fn kind(&mut self, cells: &Cells<'_>) -> Result<TouchKind, Refusal> {
        let word = cells.text(&Field::Kind);
        if word.is_empty() {
            return Err(cells.refuse(&Field::Kind, "", "the row does not say what happened"));
        }
        remember(&mut self.kinds, word, || {
            let reason =
                || format!("`{word}` is no kind of touch that we know: say in the mapping (settings.kinds) what it means");
            cells.rules.kind_of(word).ok_or_else(|| cells.refuse(&Field::Kind, word, &reason()))
        })
    }

    /// The medium, from its own column or from `source / medium`.
    pub fn medium(&mut self, cells: &Cells<'_>) -> Result<Option<Medium>, Refusal> {
        let (mut field, mut word) = (&Field::Medium, cells.text(&Field::Medium));
        if word.is_empty() {
            let both = cells.text(&Field::SourceMedium);
            (field, word) = (&Field::SourceMedium, both.split_once(" / ").map_or(both, |(_, medium)| medium));
        }
        if word.is_empty() {
            return Ok(None);
        }
        let medium = remember(&mut self.media, word, || {
            let reason = "it cannot be a medium: use a short name, or say in the mapping (settings.media) what it means";
            cells.rules.medium_of(word).ok_or_else(|| cells.refuse(field, word, reason))
        })?;
        Ok(Some(medium))
    }

    /// Gives the touch the id of the event that its source calls `self.own_id`.
    pub fn identify(&self, cells: &Cells<'_>, touch: &mut Touch) {
        let source = cells.rules.source.as_deref().unwrap_or_else(|| touch.channel.as_str());
        touch.id = TouchId::of(&cells.rules.tenant.id, source, &self.own_id);
    }

    /// Gives the touch the id of an event without a number: what it says, and how often that was said before.
    pub fn identify_by_content(&mut self, cells: &Cells<'_>, touch: &mut Touch) {
        touch.id = TouchId::from_bytes([0; 16]);
        let digest = touch.content_digest();
        own_id::of_content(&mut self.own_id, touch.kind, digest, cells.rules.repeats.count(digest));
        self.identify(cells, touch);
    }
}

/// What `word` means, asked once a word.
fn remember<T: Clone>(
    table: &mut HashMap<Box<str>, T>,
    word: &str,
    meaning: impl FnOnce() -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    if let Some(known) = table.get(word) {
        return Ok(known.clone());
    }
    let meaning = meaning()?;
    if table.len() < Work::WORDS {
        table.insert(word.into(), meaning.clone());
    }
    Ok(meaning)
}

/// A digest over texts and numbers of a row, to tell rows without numbers apart.
pub fn digest(purpose: &str, parts: &[&str]) -> i64 {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    Digest::id63_of(purpose, &parts)
}

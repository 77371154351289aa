//! A table being read: its columns, what we found out about it, its rows chunk by chunk, and how far we are.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::delimited::DelimitedReader;
use super::open::{Delimiter, FileError};
use super::refused_file;
use super::row::Chunk;

/// One table of one file.
pub struct Table {
    /// The file's name; for a member of an archive or a sheet, `archive.zip/member.csv`, `book.xlsx/Sheet1`.
    pub name: String,
    pub columns: Vec<String>,
    pub facts: Facts,
    rows: Rows,
    meter: Meter,
    /// A file of rows that an earlier import refused: its columns are those of the original.
    refused: bool,
    failed: bool,
}

/// What was found out about a table, to show before it is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The encoding's name. Where a file is plain ASCII for long, it may change with the first other character.
    pub encoding: String,
    /// Of delimited text.
    pub delimiter: Option<Delimiter>,
    /// `none`, `gzip`, `zstd` or `zip`.
    pub compression: &'static str,
    /// Whether the columns' names came from the file.
    pub header: bool,
    /// Rows (titles, remarks, blank lines) passed over before the header.
    pub skipped_rows: u64,
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.encoding)?;
        if let Some(delimiter) = &self.delimiter {
            write!(f, ", columns apart by {delimiter}")?;
        }
        if self.compression != "none" {
            write!(f, ", {}", self.compression)?;
        }
        if !self.header {
            write!(f, ", without a header")?;
        }
        if self.skipped_rows > 0 {
            write!(f, ", {} rows before the header passed over", self.skipped_rows)?;
        }
        Ok(())
    }
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Of the file (or the archive's member) as it lies on disk.
    pub bytes_read: u64,
    pub bytes_total: Option<u64>,
}

pub(super) enum Rows {
    Delimited(Box<DelimitedReader>),
    Other(Box<dyn Iterator<Item = Result<Chunk, FileError>> + Send>),
}

/// Counts the bytes read from disk.
#[derive(Debug, Clone)]
pub(super) struct Meter {
    count: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Meter {
    pub(super) fn new(total: Option<u64>) -> Self {
        Self { count: Arc::default(), total }
    }

    pub(super) fn count(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.count)
    }

    /// A counter of its own for the same file.
    pub(super) fn afresh(&self) -> Self {
        Self::new(self.total)
    }
}

impl Table {
    pub(super) fn new(name: String, columns: Vec<String>, facts: Facts, rows: Rows, meter: Meter) -> Self {
        let refused = refused_file::is_refused(&columns);
        let columns = if refused { refused_file::original(&columns) } else { columns };
        Self { name, columns, facts, rows, meter, refused, failed: false }
    }

    /// A table whose chunks somebody else makes, such as the reader of Parquet files.
    #[must_use]
    pub fn from_chunks(
        name: String,
        columns: Vec<String>,
        chunks: impl Iterator<Item = Result<Chunk, FileError>> + Send + 'static,
    ) -> Self {
        let facts = Facts { encoding: "UTF-8".into(), delimiter: None, compression: "none", header: true, skipped_rows: 0 };
        Self::new(name, columns, facts, Rows::Other(Box::new(chunks)), Meter::new(None))
    }

    /// The next rows, about 4 MB of text; `None` after the last. After an error there is nothing more.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, FileError> {
        if self.failed {
            return Ok(None);
        }
        let next = match &mut self.rows {
            Rows::Delimited(reader) => {
                let next = reader.next();
                if reader.encoding() != self.facts.encoding {
                    self.facts.encoding = reader.encoding().to_owned();
                }
                next
            }
            Rows::Other(chunks) => chunks.next(),
        };
        self.failed = !matches!(next, Some(Ok(_)));
        let next = next.transpose()?;
        Ok(if self.refused { next.map(|chunk| chunk.of_refused(self.columns.len())) } else { next })
    }

    #[must_use]
    pub fn progress(&self) -> Progress {
        let (read, total) = (self.meter.count.load(Ordering::Relaxed), self.meter.total);
        Progress { bytes_read: total.map_or(read, |total| read.min(total)), bytes_total: total }
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("name", &self.name)
            .field("columns", &self.columns)
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

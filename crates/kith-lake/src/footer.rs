//! The footers of files that were read: statistics, page index and keys, kept because files never change.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};

use crate::schema::KEY_DISTINCT;
use crate::{Lake, LakeError};

/// Above so many files all are forgotten and read anew: a bound on memory, not a rule of use.
const MOST_FOOTERS: usize = 20_000;

#[derive(Default)]
pub(crate) struct Footers(Mutex<HashMap<String, ArrowReaderMetadata>>);

impl Lake {
    /// The footer of a file with its page index.
    pub(crate) fn footer(&self, relative: &str) -> Result<ArrowReaderMetadata, LakeError> {
        let mut kept = self.inner.footers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(footer) = kept.get(relative) {
            return Ok(footer.clone());
        }
        drop(kept);
        let path = self.absolute(relative);
        let file = open(&path)?;
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let footer = ArrowReaderMetadata::load(&file, options).map_err(|error| LakeError::parquet(&path, error))?;
        kept = self.inner.footers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_FOOTERS {
            kept.clear();
        }
        kept.insert(relative.to_owned(), footer.clone());
        Ok(footer)
    }

    pub(crate) fn forget_footer(&self, relative: &str) {
        self.inner.footers.0.lock().unwrap_or_else(PoisonError::into_inner).remove(relative);
    }
}

pub(crate) fn open(path: &Path) -> Result<File, LakeError> {
    File::open(path).map_err(|error| LakeError::io(path, error))
}

/// Does the file say that no two of its rows have one touch id?
pub(crate) fn is_distinct(footer: &Arc<ParquetMetaData>) -> bool {
    key(footer, KEY_DISTINCT) == Some("true")
}

pub(crate) fn key<'a>(footer: &'a ParquetMetaData, name: &str) -> Option<&'a str> {
    let keys = footer.file_metadata().key_value_metadata()?;
    keys.iter().find(|pair| pair.key == name)?.value.as_deref()
}

//! What can go wrong with the lake, and what to do about it.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use datafusion::common::DataFusionError;
use parquet::errors::ParquetError;

/// One case for each thing a person can act on. The causes are in [`Error::source`], not in the message.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    #[error("the file {0} of the lake is missing: put it back from a backup, or run `kith doctor` to see what it held")]
    MissingFile(String),
    #[error(
        "the file {path} of the lake cannot be read ({why}): put it back from a backup; `kith doctor --deep` lists every such file"
    )]
    CorruptFile { path: String, why: String },
    #[error("the disk is full while writing {0}: free some space and run the same command again, nothing was half done")]
    DiskFull(String),
    #[error("{0} may not be written: check the owner and the permissions of the store's folder")]
    ReadOnly(String),
    #[error("could not read or write {path}: check the disk, then run `kith doctor`")]
    Io {
        path: String,
        #[source]
        source: io::Error,
    },
    #[error("could not read {what} from the lake: run `kith doctor` to see which file is at fault")]
    Query {
        what: String,
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    #[error("the question `{what}` was given an answer it cannot read: {why} (this is a fault of Kith: please report it)")]
    Answer { what: String, why: String },
    #[error("this cannot be asked: {0}")]
    Sql(String),
    #[error("the lake is read only for questions: {0} (allowed are SELECT, WITH, EXPLAIN, SHOW and DESCRIBE, one at a time)")]
    Refused(String),
    #[error("{0} needs more memory than it may use: ask for a shorter time, or raise `memory_mib` under `[engine]` in kith.toml")]
    TooLarge(String),
    #[error("{path}, row group {row_group}: the Parquet file is damaged ({why}): export it again")]
    DamagedImport { path: PathBuf, row_group: usize, why: String },
    #[error("{path} is no Parquet file that can be read ({why})")]
    NotParquet { path: PathBuf, why: String },
}

impl LakeError {
    /// A failed read or write of `path`.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let shown = path.display().to_string();
        match source.kind() {
            io::ErrorKind::NotFound => Self::MissingFile(shown),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(shown),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(shown),
            _ => Self::Io { path: shown, source },
        }
    }

    /// A failure of the Parquet reader or writer at `path`.
    pub(crate) fn parquet(path: &Path, source: ParquetError) -> Self {
        match find_io(&source) {
            Some(kind) => Self::io(path, io::Error::new(kind, source)),
            None => Self::CorruptFile { path: path.display().to_string(), why: source.to_string() },
        }
    }

    /// A file whose content is not what this version of Kith writes.
    pub(crate) fn corrupt(path: &Path, why: impl Into<String>) -> Self {
        Self::CorruptFile { path: path.display().to_string(), why: why.into() }
    }

    /// A failure of the engine while it answered `what`.
    pub(crate) fn query(what: &str, source: DataFusionError) -> Self {
        let what = what.to_owned();
        match source.find_root() {
            DataFusionError::ResourcesExhausted(_) => return Self::TooLarge(what),
            DataFusionError::SQL(fault, _) => return Self::Sql(fault.to_string()),
            DataFusionError::Plan(why) => return Self::Sql(why.clone()),
            DataFusionError::SchemaError(fault, _) => return Self::Sql(fault.to_string()),
            DataFusionError::Execution(why) => return Self::Sql(why.clone()),
            DataFusionError::ArrowError(fault, _) if !may_lie_in_a_file(&source) => return Self::Sql(fault.to_string()),
            _ => {}
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(&source);
        while let Some(error) = cause {
            if let Some(object_store::Error::NotFound { path, .. }) = error.downcast_ref() {
                return Self::MissingFile(path.clone());
            }
            if let Some(io) = error.downcast_ref::<io::Error>()
                && matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            {
                return Self::DiskFull("the lake's folder for temporary files".to_owned());
            }
            cause = error.source();
        }
        // The reader hides the store's error inside a text of its own.
        let text = source.to_string();
        if let Some((_, path)) = text.split_once("Failed to fetch metadata for file ")
            && let Some((path, why)) = path.split_once(": ")
        {
            let missing = why.contains("not found") || why.contains("No such file");
            let path = path.to_owned();
            return if missing { Self::MissingFile(path) } else { Self::CorruptFile { path, why: why.to_owned() } };
        }
        Self::Query { what, source: Box::new(source) }
    }
}

/// Can what stopped the engine lie in a file? A question that divides by nothing stops it too.
pub(crate) fn may_lie_in_a_file(error: &DataFusionError) -> bool {
    use arrow::error::ArrowError;
    match error.find_root() {
        DataFusionError::ArrowError(error, _) => !matches!(
            **error,
            ArrowError::DivideByZero | ArrowError::ArithmeticOverflow(_) | ArrowError::CastError(_) | ArrowError::NotYetImplemented(_)
        ),
        DataFusionError::ParquetError(_)
        | DataFusionError::ObjectStore(_)
        | DataFusionError::IoError(_)
        | DataFusionError::External(_)
        // A reader that breaks down over bytes that make no sense.
        | DataFusionError::ExecutionJoin(_)
        | DataFusionError::Internal(_) => true,
        _ => false,
    }
}

/// The kind of the first input or output error in a chain of causes.
fn find_io(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            // The end of the file in the middle of a page is a truncated file, not a failed disk.
            return (io.kind() != io::ErrorKind::UnexpectedEof).then_some(io.kind());
        }
        if let Some(ParquetError::External(inner)) = error.downcast_ref::<ParquetError>()
            && let Some(io) = inner.downcast_ref::<io::Error>()
        {
            return (io.kind() != io::ErrorKind::UnexpectedEof).then_some(io.kind());
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart_from_a_damaged_file() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = LakeError::parquet(Path::new("x"), ParquetError::External(Box::new(full)));
        assert!(matches!(error, LakeError::DiskFull(_)), "{error:?}");
        let damaged = LakeError::parquet(Path::new("x"), ParquetError::General("bad magic".into()));
        assert!(matches!(damaged, LakeError::CorruptFile { .. }), "{damaged:?}");
    }

    #[test]
    fn a_folder_that_may_not_be_written_says_so() {
        let error = LakeError::io(Path::new("x"), io::Error::from(io::ErrorKind::ReadOnlyFilesystem));
        assert!(matches!(error, LakeError::ReadOnly(_)));
    }
}

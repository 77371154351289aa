//! A file that a person asked for: it appears under its name only when it is whole, and other programs can read it.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::LakeError;

/// How Parquet for other programs is written.
pub(crate) fn export_properties() -> Result<WriterProperties, ParquetError> {
    Ok(WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?)).build())
}

/// A file that is being made beside its name. Dropped before [`PartFile::keep`], it goes.
pub(crate) struct PartFile {
    path: PathBuf,
    part: PathBuf,
}

impl PartFile {
    pub(crate) fn create(path: &Path) -> Result<(Self, BufWriter<File>), LakeError> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let file = File::create(&part).map_err(|error| LakeError::io(path, error))?;
        Ok((Self { path: path.to_owned(), part }, BufWriter::with_capacity(1 << 20, file)))
    }

    /// Gives the finished file its name.
    pub(crate) fn keep(self, file: &File) -> Result<(), LakeError> {
        let kept = file.sync_all().and_then(|()| fs::rename(&self.part, &self.path));
        kept.map_err(|error| LakeError::io(&self.path, error))
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        // Once it has its name there is nothing here any more.
        let _ = fs::remove_file(&self.part);
    }
}

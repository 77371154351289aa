//! Somebody else's Parquet file as rows of text, for an import.

use std::path::{Path, PathBuf};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use crate::LakeError;
use crate::footer::open;

/// Rows given at a time.
const BATCH: usize = 4096;

/// The rows of a file, batch by batch: each value as text, dates and times as ISO 8601, whole numbers without `.0`, nothing as
/// the empty text. Gzip, zstd, Snappy, Brotli and LZ4 are read.
pub struct ParquetRows {
    pub columns: Vec<String>,
    /// As the footer says.
    pub rows: u64,
    path: PathBuf,
    footer: ArrowReaderMetadata,
    group: usize,
    reader: Option<ParquetRecordBatchReader>,
}

/// Opens a Parquet file that is not one of the lake's.
pub fn read_parquet(path: &Path) -> Result<ParquetRows, LakeError> {
    let not = |why: String| LakeError::NotParquet { path: path.to_owned(), why };
    let file = open(path)?;
    // The schema that Arrow writers leave in the file may contradict the columns; Parquet's own cannot.
    let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| not(error.to_string()))?;
    let columns = footer.schema().fields().iter().map(|field| field.name().clone()).collect();
    let rows =
        u64::try_from(footer.metadata().file_metadata().num_rows()).map_err(|_| not("it has fewer rows than none".to_owned()))?;
    Ok(ParquetRows { columns, rows, path: path.to_owned(), footer, group: 0, reader: None })
}

impl ParquetRows {
    fn damaged(&self, why: String) -> LakeError {
        LakeError::DamagedImport { path: self.path.clone(), row_group: self.group, why }
    }

    fn open_group(&self) -> Result<ParquetRecordBatchReader, LakeError> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(open(&self.path)?, self.footer.clone());
        let reader = builder.with_row_groups(vec![self.group]).with_batch_size(BATCH).build();
        reader.map_err(|error| self.damaged(error.to_string()))
    }
}

impl Iterator for ParquetRows {
    type Item = Result<Vec<Vec<String>>, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.group < self.footer.metadata().num_row_groups() {
            let mut reader = match self.reader.take() {
                Some(reader) => reader,
                None => match self.open_group() {
                    Ok(reader) => reader,
                    Err(error) => return Some(Err(self.stop(error))),
                },
            };
            match reader.next() {
                Some(Ok(batch)) => {
                    self.reader = Some(reader);
                    let rows = texts(&batch).map_err(|why| self.damaged(why.to_string()));
                    return Some(rows.map_err(|error| self.stop(error)));
                }
                Some(Err(error)) => {
                    let error = self.damaged(error.to_string());
                    return Some(Err(self.stop(error)));
                }
                None => self.group += 1,
            }
        }
        None
    }
}

impl ParquetRows {
    /// After an error nothing more comes.
    fn stop(&mut self, error: LakeError) -> LakeError {
        self.group = usize::MAX;
        self.reader = None;
        error
    }
}

const FORMAT: FormatOptions<'static> = FormatOptions::new();

fn texts(batch: &RecordBatch) -> Result<Vec<Vec<String>>, arrow::error::ArrowError> {
    let mut rows = vec![Vec::with_capacity(batch.num_columns()); batch.num_rows()];
    for column in batch.columns() {
        let shown = ArrayFormatter::try_new(column, &FORMAT)?;
        for (row, cells) in rows.iter_mut().enumerate() {
            cells.push(if column.is_null(row) { String::new() } else { text(column, &shown, row)? });
        }
    }
    Ok(rows)
}

fn text(column: &ArrayRef, shown: &ArrayFormatter<'_>, row: usize) -> Result<String, arrow::error::ArrowError> {
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        // Rust writes 3.0 as 3, and never in powers of ten.
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Float32 => column.as_primitive::<Float32Type>().value(row).to_string(),
        DataType::Binary => String::from_utf8_lossy(column.as_binary::<i32>().value(row)).into_owned(),
        _ => shown.value(row).try_to_string()?,
    })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::sync::Arc;

    use arrow::array::{Date32Array, Float64Array, Int64Array, StringArray, TimestampMillisecondArray};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    use super::*;

    fn columns() -> RecordBatch {
        RecordBatch::try_from_iter([
            ("名称", Arc::new(StringArray::from(vec![Some("龙井"), None])) as ArrayRef),
            ("price", Arc::new(Float64Array::from(vec![Some(3.0), Some(2.55)]))),
            ("n", Arc::new(Int64Array::from(vec![Some(-1), None]))),
            ("on", Arc::new(Date32Array::from(vec![Some(20_758), None]))),
            ("at", Arc::new(TimestampMillisecondArray::from(vec![Some(1_793_500_205_500), None]))),
        ])
        .unwrap()
    }

    fn write(path: &Path, compression: Compression) {
        let properties = WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(2)).build();
        let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), columns().schema(), Some(properties)).unwrap();
        writer.write(&columns()).unwrap();
        writer.write(&columns()).unwrap();
        writer.close().unwrap();
    }

    #[test]
    fn values_come_as_people_write_them_whatever_the_compression() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.parquet");
        let all = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::ZSTD(ZstdLevel::default()),
            Compression::BROTLI(BrotliLevel::default()),
            Compression::LZ4,
            Compression::LZ4_RAW,
        ];
        for compression in all {
            write(&path, compression);
            let rows = read_parquet(&path).unwrap();
            assert_eq!((rows.columns.join(" "), rows.rows), ("名称 price n on at".to_owned(), 4));
            let rows: Vec<Vec<String>> = rows.flat_map(Result::unwrap).collect();
            assert_eq!(rows[0], ["龙井", "3", "-1", "2026-11-01", "2026-11-01T02:30:05.500"]);
            assert_eq!(rows[3], ["", "2.55", "", "", ""]);
            assert_eq!(rows.len(), 4);
        }
    }

    #[test]
    fn a_damaged_file_names_its_row_group_and_then_ends() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.parquet");
        write(&path, Compression::SNAPPY);
        let mut bytes = fs::read(&path).unwrap();
        let second = read_parquet(&path).unwrap().footer.metadata().row_group(1).column(0).byte_range();
        bytes[second.0 as usize..(second.0 + second.1) as usize].fill(0xff);
        fs::write(&path, &bytes).unwrap();
        let outcome: Vec<_> = read_parquet(&path).unwrap().collect();
        assert!(matches!(outcome.as_slice(), [Ok(_), Err(LakeError::DamagedImport { row_group: 1, .. })]), "{outcome:?}");
        fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
        assert!(matches!(read_parquet(&path), Err(LakeError::NotParquet { .. })));
    }
}

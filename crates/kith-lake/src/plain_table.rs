//! A table of plain values as a Parquet file: an answer that was put together outside the engine.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use kith_core::Day;
use parquet::arrow::ArrowWriter;

use crate::LakeError;
use crate::part_file::{PartFile, export_properties};

/// A column, with a value or nothing for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainColumn {
    pub name: String,
    pub values: PlainValues,
}

/// The values of one column, all of one type.
#[derive(Debug, Clone, PartialEq)]
pub enum PlainValues {
    Text(Vec<Option<String>>),
    Whole(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    Day(Vec<Option<Day>>),
}

/// Writes columns of one length to `path`, with zstd. The file appears only when it is whole.
pub fn write_parquet(path: &Path, columns: Vec<PlainColumn>) -> Result<(), LakeError> {
    let parquet = |error| LakeError::parquet(path, error);
    let arrays = columns.into_iter().map(|column| (column.name, array(column.values), true));
    let batch = RecordBatch::try_from_iter_with_nullable(arrays)
        .map_err(|error| LakeError::Answer { what: path.display().to_string(), why: error.to_string() })?;
    let (part, file) = PartFile::create(path)?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(export_properties().map_err(parquet)?)).map_err(parquet)?;
    writer.write(&batch).map_err(parquet)?;
    let file = writer.into_inner().map_err(parquet)?;
    part.keep(&file.into_inner().map_err(|error| LakeError::io(path, error.into_error()))?)
}

fn array(values: PlainValues) -> ArrayRef {
    match values {
        PlainValues::Text(values) => Arc::new(StringArray::from(values)),
        PlainValues::Whole(values) => Arc::new(Int64Array::from(values)),
        PlainValues::Number(values) => Arc::new(Float64Array::from(values)),
        PlainValues::Day(days) => Arc::new(days.into_iter().map(|day| day.map(since_1970)).collect::<Date32Array>()),
    }
}

fn since_1970(day: Day) -> i32 {
    // The calendar of days ends long before the number does.
    day.0.signed_duration_since(chrono::NaiveDate::default()).num_days() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::datatypes::DataType;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    #[test]
    fn each_column_has_its_type_and_what_is_unknown_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.parquet");
        let day = Day("2026-01-03".parse().unwrap());
        let column = |name: &str, values| PlainColumn { name: name.to_owned(), values };
        let columns = vec![
            column("medium", PlainValues::Text(vec![Some("微博".to_owned()), None])),
            column("rate", PlainValues::Number(vec![Some(0.125), None])),
            column("rate_n", PlainValues::Whole(vec![Some(8), None])),
            column("day", PlainValues::Day(vec![Some(day), None])),
        ];
        write_parquet(&path, columns).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&path).unwrap()).unwrap();
        let types: Vec<DataType> = reader.schema().fields().iter().map(|field| field.data_type().clone()).collect();
        assert_eq!(types, [DataType::Utf8, DataType::Float64, DataType::Int64, DataType::Date32]);
        let rows: Vec<Vec<String>> = crate::read_parquet(&path).unwrap().flat_map(Result::unwrap).collect();
        assert_eq!(rows, [["微博", "0.125", "8", "2026-01-03"], ["", "", "", ""]]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left there");
    }

    #[test]
    fn an_answer_without_rows_is_a_file_with_columns() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.parquet");
        write_parquet(&path, vec![PlainColumn { name: "n".to_owned(), values: PlainValues::Whole(Vec::new()) }]).unwrap();
        let read = crate::read_parquet(&path).unwrap();
        assert_eq!((read.columns.as_slice(), read.rows), (["n".to_owned()].as_slice(), 0));
    }

    #[test]
    fn a_file_that_cannot_be_made_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.parquet");
        std::fs::write(&path, "yesterday").unwrap();
        let (one, two) = (PlainValues::Whole(vec![None]), PlainValues::Whole(vec![None, None]));
        let columns = [("a", one), ("b", two)].map(|(name, values)| PlainColumn { name: name.to_owned(), values });
        assert!(write_parquet(&path, columns.to_vec()).is_err());
        let (part, _file) = PartFile::create(&path).unwrap();
        drop(part);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "yesterday");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

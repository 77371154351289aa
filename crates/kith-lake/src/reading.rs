//! Rows of one file by their numbers, without the engine.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use arrow::array::{AsArray, FixedSizeBinaryArray, RecordBatch};
use kith_core::{Touch, TouchId};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector};
use parquet::bloom_filter::Sbbf;
use parquet::file::statistics::Statistics;

use crate::footer::open;
use crate::rows::TouchRows;
use crate::schema::at;
use crate::{Lake, LakeError};

/// Rows decoded at a time.
const BATCH: usize = 16 * 1024;

/// A file whose footer has been read.
pub(crate) struct Reading {
    path: PathBuf,
    pub(crate) footer: ArrowReaderMetadata,
}

/// Which rows: all of some row groups, or some by their numbers in the file.
pub(crate) enum Rows<'a> {
    Groups(&'a [usize]),
    /// In rising order, each once.
    Numbers(&'a [u32]),
}

impl Lake {
    pub(crate) fn reading(&self, relative: &str) -> Result<Reading, LakeError> {
        let footer = self.footer(relative)?;
        Ok(Reading { path: self.absolute(relative), footer })
    }
}

impl Reading {
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.path
    }

    pub(crate) fn row_groups(&self) -> usize {
        self.footer.metadata().num_row_groups()
    }

    /// Rows of each row group.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        self.footer.metadata().row_groups().iter().map(|group| usize::try_from(group.num_rows()).unwrap_or(0))
    }

    /// Which row groups may hold one of these touch ids, by their bloom filters. A file without filters may hold all.
    pub(crate) fn may_hold<'a>(&self, ids: impl Iterator<Item = &'a TouchId> + Clone) -> Result<Vec<usize>, LakeError> {
        self.passing(at::TOUCH_ID, |_| true, |filter| ids.clone().any(|id| filter.check(id.as_bytes().as_slice())))
    }

    /// Which row groups may hold one of these order numbers: by the least and the greatest of each, then by its bloom filter.
    pub(crate) fn may_hold_orders(&self, orders: &HashSet<&str>) -> Result<Vec<usize>, LakeError> {
        let within = |statistics: Option<&Statistics>| {
            let Some(known) = statistics else { return true };
            // Without a single number in it a row group has neither.
            let (Some(least), Some(greatest)) = (known.min_bytes_opt(), known.max_bytes_opt()) else {
                return known.null_count_opt().is_none_or(|nulls| nulls == 0);
            };
            // Long ones are cut, the least downwards and the greatest upwards.
            orders.iter().any(|order| (least..=greatest).contains(&order.as_bytes()))
        };
        self.passing(at::ORDER_NO, within, |filter| orders.iter().any(|order| filter.check(*order)))
    }

    /// The row groups whose column passes what its statistics and its bloom filter say; what a file does not say passes.
    fn passing(
        &self,
        column: usize,
        within: impl Fn(Option<&Statistics>) -> bool,
        held: impl Fn(&Sbbf) -> bool,
    ) -> Result<Vec<usize>, LakeError> {
        let mut file = None;
        let mut groups = Vec::new();
        for (group, rows) in self.footer.metadata().row_groups().iter().enumerate() {
            let chunk = rows.column(column);
            if !within(chunk.statistics()) {
                continue;
            }
            let file = match &file {
                Some(file) => file,
                None => file.insert(open(&self.path)?),
            };
            let filter = Sbbf::read_from_column_chunk(chunk, file).map_err(|error| LakeError::parquet(&self.path, error))?;
            if filter.is_none_or(|filter| held(&filter)) {
                groups.push(group);
            }
        }
        Ok(groups)
    }

    /// The rows (rising) that have one of these touch ids, with what is kept for that id: bloom filters first.
    pub(crate) fn met<T: Copy>(&self, wanted: &HashMap<TouchId, T>) -> Result<Vec<(u32, TouchId, T)>, LakeError> {
        let groups = self.may_hold(wanted.keys())?;
        let mut met = Vec::new();
        let mut first = 0_u32;
        for (group, size) in self.sizes().enumerate() {
            let mut row = first;
            first += size as u32;
            if groups.binary_search(&group).is_err() {
                continue;
            }
            for batch in self.columns(&[at::TOUCH_ID], &Rows::Groups(&[group]))? {
                let batch = batch?;
                let ids = ids(&batch, self)?;
                for place in 0..batch.num_rows() {
                    let id = id(ids, place);
                    if let Some(kept) = wanted.get(&id) {
                        met.push((row, id, *kept));
                    }
                    row += 1;
                }
            }
        }
        Ok(met)
    }

    /// Some columns of some rows, in the order of the file.
    pub(crate) fn columns(
        &self,
        columns: &[usize],
        rows: &Rows<'_>,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, LakeError>> + use<'_>, LakeError> {
        let file = open(&self.path)?;
        let mask = ProjectionMask::leaves(self.footer.metadata().file_metadata().schema_descr(), columns.iter().copied());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.footer.clone());
        let builder = builder.with_projection(mask).with_batch_size(BATCH);
        let builder = match rows {
            Rows::Groups(groups) => builder.with_row_groups(groups.to_vec()),
            Rows::Numbers(numbers) => {
                let (groups, selection) = self.select(numbers);
                builder.with_row_groups(groups).with_row_selection(selection)
            }
        };
        let reader = builder.build().map_err(|error| LakeError::parquet(&self.path, error))?;
        Ok(reader.map(|batch| batch.map_err(|error| LakeError::corrupt(&self.path, error.to_string()))))
    }

    /// Whole touches by their row numbers, in rising order.
    pub(crate) fn touches(&self, numbers: &[u32], mut each: impl FnMut(u32, Touch)) -> Result<(), LakeError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let all: Vec<usize> = (0..=at::VERSION).collect();
        let mut next = numbers.iter();
        for batch in self.columns(&all, &Rows::Numbers(numbers))? {
            let batch = batch?;
            let rows = TouchRows::new(&batch, &self.path);
            for (row, number) in (0..batch.num_rows()).zip(&mut next) {
                each(*number, rows.touch(row)?);
            }
        }
        match next.next() {
            None => Ok(()),
            Some(_) => Err(LakeError::corrupt(&self.path, "it has fewer rows than the catalogue says")),
        }
    }

    /// The row groups that hold the rows, and the rows as runs within those groups.
    fn select(&self, numbers: &[u32]) -> (Vec<usize>, RowSelection) {
        let mut groups = Vec::new();
        let mut runs: Vec<RowSelector> = Vec::new();
        let mut rest = numbers;
        let mut first = 0_usize;
        for (group, size) in self.sizes().enumerate() {
            let end = first + size;
            let here = rest.partition_point(|number| (*number as usize) < end);
            let (mine, after) = rest.split_at(here);
            rest = after;
            if !mine.is_empty() {
                groups.push(group);
                let mut at = first;
                for number in mine.iter().map(|number| *number as usize) {
                    if number > at {
                        runs.push(RowSelector::skip(number - at));
                    }
                    runs.push(RowSelector::select(1));
                    at = number + 1;
                }
                if at < end {
                    runs.push(RowSelector::skip(end - at));
                }
            }
            first = end;
        }
        (groups, runs.into())
    }
}

/// The touch ids of a batch, wherever their column stands.
pub(crate) fn ids<'a>(batch: &'a RecordBatch, reading: &Reading) -> Result<&'a FixedSizeBinaryArray, LakeError> {
    let column = batch.column_by_name("touch_id").and_then(|column| column.as_fixed_size_binary_opt());
    column.filter(|ids| ids.value_length() == 16).ok_or_else(|| LakeError::corrupt(reading.path(), "it has no touch ids"))
}

/// One id of [`ids`].
pub(crate) fn id(ids: &FixedSizeBinaryArray, row: usize) -> TouchId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(ids.value(row));
    TouchId::from_bytes(bytes)
}

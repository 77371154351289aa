//! All touches of a few identities, in a few milliseconds: one contact's timeline.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use kith_core::{IdentityId, Touch};
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;

use super::Session;
use crate::reading::{Reading, Rows};
use crate::schema::at;
use crate::{LakeError, LakeFile};

impl Session {
    /// Every touch of these identities, by time (undated ones first), then by touch id; with `orders`, also those touches of anybody
    /// that carry one of these order numbers: lines and payments that name the order only.
    ///
    /// Blocks while it reads. Identities are looked up by the order of rows in the files, order numbers by the bloom filter of each
    /// row group.
    pub fn touches_of(&self, identities: &[IdentityId], orders: &[&str]) -> Result<Vec<Touch>, LakeError> {
        let mut wanted: Vec<i64> = identities.iter().map(|identity| identity.0).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let orders: HashSet<&str> = orders.iter().copied().filter(|order| !order.is_empty()).collect();
        let is_wanted = |touch: &Touch| {
            wanted.binary_search(&touch.identity.0).is_ok() || touch.order.as_deref().is_some_and(|order| orders.contains(order))
        };
        let mut touches: Vec<Touch> = self.hot.iter().filter(|touch| is_wanted(touch)).cloned().collect();
        let files: Vec<&LakeFile> = self.files.iter().filter(|file| file.visible_rows() > 0).collect();
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Vec::new());
        let work = || -> Result<(), LakeError> {
            while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                let touches = self.touches_in(file, &wanted, &orders)?;
                if !touches.is_empty() {
                    found.lock().unwrap_or_else(PoisonError::into_inner).extend(touches);
                }
            }
            Ok(())
        };
        let threads = self.lake.inner.options.threads.min(files.len());
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let fell = || LakeError::Answer { what: "the timeline".to_owned(), why: "a worker fell".to_owned() };
            let mine = work();
            others.into_iter().map(|other| other.join().unwrap_or_else(|_| Err(fell()))).fold(mine, Result::and)
        })?;
        touches.extend(found.into_inner().unwrap_or_else(PoisonError::into_inner));
        touches.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(&b.id)));
        Ok(touches)
    }

    fn touches_in(&self, file: &LakeFile, wanted: &[i64], orders: &HashSet<&str>) -> Result<Vec<Touch>, LakeError> {
        let here: Vec<i64> =
            wanted.iter().copied().filter(|identity| (file.min_identity.0..=file.max_identity.0).contains(identity)).collect();
        if here.is_empty() && orders.is_empty() {
            return Ok(Vec::new());
        }
        let reading = self.lake.reading(&file.path)?;
        let mut rows = rows_of(&reading, &here)?;
        if !orders.is_empty() {
            rows.extend(rows_of_orders(&reading, orders)?);
            rows.sort_unstable();
            rows.dedup();
        }
        rows.retain(|row| file.hidden.as_ref().is_none_or(|hidden| !hidden.contains(*row)));
        let mut touches = Vec::with_capacity(rows.len());
        reading.touches(&rows, |_, touch| touches.push(touch))?;
        Ok(touches)
    }
}

/// Row numbers of these identities (rising): by the statistics of row groups, then of pages, then by a look.
fn rows_of(reading: &Reading, identities: &[i64]) -> Result<Vec<u32>, LakeError> {
    if identities.is_empty() {
        return Ok(Vec::new());
    }
    let pages = pages(reading)?;
    let mut near: Vec<u32> = Vec::new();
    for page in pages {
        let after = identities.partition_point(|identity| *identity < page.min);
        if identities.get(after).is_some_and(|identity| *identity <= page.max) {
            near.extend(page.rows);
        }
    }
    let mut rows = Vec::new();
    if near.is_empty() {
        return Ok(rows);
    }
    let mut next = near.iter();
    for batch in reading.columns(&[at::IDENTITY], &Rows::Numbers(&near))? {
        let batch = batch?;
        let Some(column) = batch.column(0).as_primitive_opt::<Int64Type>() else {
            return Err(LakeError::corrupt(reading.path(), "its identities are no numbers"));
        };
        for (identity, row) in column.values().iter().zip(&mut next) {
            if identities.binary_search(identity).is_ok() {
                rows.push(*row);
            }
        }
    }
    Ok(rows)
}

/// Rows that one page of identities holds, and the range of its identities.
pub(crate) struct Page {
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) rows: std::ops::Range<u32>,
}

/// The pages of the identities. Where a file has no page index, each row group counts as a page.
pub(crate) fn pages(reading: &Reading) -> Result<Vec<Page>, LakeError> {
    let metadata = reading.footer.metadata();
    let parquet = |error| LakeError::parquet(reading.path(), error);
    let schema = metadata.file_metadata().schema_descr();
    let converter = StatisticsConverter::try_new("identity", reading.footer.schema(), schema).map_err(parquet)?;
    let groups: Vec<usize> = (0..metadata.num_row_groups()).collect();
    let mut firsts = Vec::with_capacity(groups.len());
    let mut first = 0_u32;
    for size in reading.sizes() {
        firsts.push(first..first + size as u32);
        first += size as u32;
    }
    let mut pages = Vec::new();
    if let (Some(index), Some(offsets)) = (metadata.column_index(), metadata.offset_index()) {
        let low = converter.data_page_mins(index, offsets, &groups).map_err(parquet)?;
        let high = converter.data_page_maxes(index, offsets, &groups).map_err(parquet)?;
        if let (Some(low), Some(high)) = (low.as_primitive_opt::<Int64Type>(), high.as_primitive_opt::<Int64Type>()) {
            let mut place = 0;
            for (group, rows) in groups.iter().zip(&firsts) {
                let starts = offsets.get(*group).and_then(|columns| columns.get(at::IDENTITY));
                let starts: Vec<u32> = starts
                    .map(|column| column.page_locations().iter().map(|page| page.first_row_index as u32).collect())
                    .unwrap_or_default();
                for (page, start) in starts.iter().enumerate() {
                    let end = starts.get(page + 1).map_or(rows.end, |next| rows.start + next);
                    let bounds = (place < low.len()).then(|| (low.value(place), high.value(place)));
                    let (min, max) = bounds.unwrap_or((i64::MIN, i64::MAX));
                    pages.push(Page { min, max, rows: rows.start + start..end });
                    place += 1;
                }
            }
            return Ok(pages);
        }
    }
    let low = converter.row_group_mins(metadata.row_groups()).map_err(parquet)?;
    let high = converter.row_group_maxes(metadata.row_groups()).map_err(parquet)?;
    if let (Some(low), Some(high)) = (low.as_primitive_opt::<Int64Type>(), high.as_primitive_opt::<Int64Type>()) {
        let bounds = low.iter().zip(high.iter()).map(|(low, high)| (low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX)));
        pages.extend(bounds.zip(firsts).map(|((min, max), rows)| Page { min, max, rows }));
    }
    Ok(pages)
}

fn rows_of_orders(reading: &Reading, orders: &HashSet<&str>) -> Result<Vec<u32>, LakeError> {
    let groups = reading.may_hold_orders(orders)?;
    let mut rows = Vec::new();
    if groups.is_empty() {
        return Ok(rows);
    }
    let mut first = 0_u32;
    for (group, size) in reading.sizes().enumerate() {
        let mut row = first;
        first += size as u32;
        if groups.binary_search(&group).is_err() {
            continue;
        }
        for batch in reading.columns(&[at::ORDER_NO], &Rows::Groups(&[group]))? {
            let batch = batch?;
            let Some(column) = batch.column(0).as_string_opt::<i32>() else {
                return Err(LakeError::corrupt(reading.path(), "its order numbers are no texts"));
            };
            for order in column {
                if order.is_some_and(|order| orders.contains(order)) {
                    rows.push(row);
                }
                row += 1;
            }
        }
    }
    Ok(rows)
}

//! The rows of one file that no question may see.

use std::fmt;

use parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use roaring::RoaringBitmap;

/// Row numbers of one file, as a compressed set: rows of undone imports, and all but one of several records of one event.
#[derive(Clone, PartialEq, Default)]
pub struct HiddenRows(RoaringBitmap);

impl HiddenRows {
    /// Reads what [`Self::to_bytes`] wrote. Gives nothing where the bytes are not such a set.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        RoaringBitmap::deserialize_from(bytes).ok().map(Self)
    }

    /// The portable Roaring format, which other tools read too.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.serialized_size());
        // Writing into a vector cannot fail.
        let _ = self.0.serialize_into(&mut bytes);
        bytes
    }

    /// How many rows are hidden.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn contains(&self, row: u32) -> bool {
        self.0.contains(row)
    }

    pub(crate) fn insert(&mut self, row: u32) {
        self.0.insert(row);
    }

    pub(crate) fn insert_range(&mut self, rows: std::ops::Range<u32>) {
        self.0.insert_range(rows);
    }

    pub(crate) fn extend(&mut self, more: &Self) {
        self.0 |= &more.0;
    }

    /// `None` where nothing is hidden: most files.
    pub(crate) fn some(mut self) -> Option<Self> {
        self.0.optimize();
        (!self.0.is_empty()).then_some(self)
    }

    /// The rows of a file that may be seen, as runs of skip and select.
    pub(crate) fn selection(&self, rows: u64) -> RowSelection {
        let mut runs: Vec<RowSelector> = Vec::new();
        let mut next = 0_u64;
        let mut push = |run: RowSelector| match runs.last_mut() {
            Some(last) if last.skip == run.skip => last.row_count += run.row_count,
            _ => runs.push(run),
        };
        for hidden in self.0.iter().map(u64::from).take_while(|row| *row < rows) {
            if hidden > next {
                push(RowSelector::select((hidden - next) as usize));
            }
            push(RowSelector::skip(1));
            next = hidden + 1;
        }
        if next < rows {
            push(RowSelector::select((rows - next) as usize));
        }
        runs.into()
    }
}

impl FromIterator<u32> for HiddenRows {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl fmt::Debug for HiddenRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HiddenRows({} rows)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bytes_that_are_no_set_are_refused() {
        assert_eq!(HiddenRows::from_bytes(b"nonsense"), None);
    }

    proptest! {
        #[test]
        fn a_selection_sees_exactly_what_is_not_hidden(hidden in proptest::collection::btree_set(0_u32..300, 0..60), rows in 1_u64..300) {
            let set: HiddenRows = hidden.iter().copied().collect();
            let mut seen = Vec::new();
            let mut at = 0_u64;
            for run in set.selection(rows).iter() {
                if !run.skip { seen.extend(at..at + run.row_count as u64); }
                at += run.row_count as u64;
            }
            prop_assert_eq!(at, rows);
            let want: Vec<u64> = (0..rows).filter(|row| !hidden.contains(&(*row as u32))).collect();
            prop_assert_eq!(seen, want);
            prop_assert_eq!(HiddenRows::from_bytes(&set.to_bytes()), Some(set));
        }
    }
}

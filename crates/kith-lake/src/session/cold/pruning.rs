//! What the catalogue says of each file, in the form in which the engine asks for it.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, TimestampMicrosecondArray, UInt64Array};
use datafusion::common::{Column, ScalarValue};
use datafusion::physical_optimizer::pruning::PruningStatistics;
use kith_core::{Instant, Month};

use crate::LakeFile;

pub(crate) struct Catalogue<'a>(pub(crate) &'a [&'a LakeFile]);

impl Catalogue<'_> {
    fn column(&self, column: &Column, identity: fn(&LakeFile) -> i64, at: fn(&LakeFile) -> Option<Instant>) -> Option<ArrayRef> {
        match column.name.as_str() {
            "identity" => Some(Arc::new(self.0.iter().map(|file| Some(identity(file))).collect::<Int64Array>())),
            "at" => {
                let times = self.0.iter().map(|file| at(file).map(Instant::micros));
                Some(Arc::new(times.collect::<TimestampMicrosecondArray>().with_timezone("UTC")))
            }
            _ => None,
        }
    }
}

impl PruningStatistics for Catalogue<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.column(column, |file| file.min_identity.0, |file| file.first_at)
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.column(column, |file| file.max_identity.0, |file| file.last_at)
    }

    fn num_containers(&self) -> usize {
        self.0.len()
    }

    /// A file of a month has no row without a time, and the file of the undated none with one.
    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let nulls = |file: &LakeFile| match column.name.as_str() {
            "at" if file.month == Month::UNDATED => Some(file.rows),
            "at" | "identity" => Some(0),
            _ => None,
        };
        Some(Arc::new(self.0.iter().map(|file| nulls(file)).collect::<UInt64Array>()))
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(self.0.iter().map(|file| Some(file.rows)).collect::<UInt64Array>()))
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}

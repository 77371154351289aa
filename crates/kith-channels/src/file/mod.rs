//! Exported files: opened, decoded, cut into rows, and read as touches and records by a mapping.

mod columns;
mod row;

pub use columns::{
    ColumnGuess, Field, FieldError, Guess, ImportKind, Mapping, MappingError, OrderStatus, Plan, PostTimes, RowIs, RowReader,
    Settings, Yield, guess, own_id,
};
pub use row::{Chunk, Row};

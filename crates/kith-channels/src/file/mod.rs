//! Exported files: opened, decoded, cut into rows, and read as touches and records by a mapping.

mod row;

pub use row::{Chunk, Row};

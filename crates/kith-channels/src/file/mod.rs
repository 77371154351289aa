//! Exported files: opened, decoded, cut into rows, and read as touches and records by a mapping.

mod columns;
mod csv_safe;
mod decode;
mod delimited;
mod header;
mod json_lines;
mod open;
mod refused_file;
mod row;
mod sheet;
mod sniff;
mod split;
mod table;
mod unpack;

pub use columns::{
    ColumnGuess, Field, FieldError, Guess, ImportKind, Mapping, MappingError, OrderStatus, Plan, PostTimes, RowIs, RowReader,
    Settings, Yield, guess, own_id,
};
pub use csv_safe::csv_safe;
pub use json_lines::OTHER_KEYS;
pub use open::{Delimiter, FileError, Limits, OpenOptions, open};
pub use refused_file::{REFUSED_COLUMNS, RefusedLine, guarded, refused_lines};
pub use row::{Chunk, Misfit, Row};
pub use table::{Facts, Progress, Table};

#[cfg(test)]
mod tests;

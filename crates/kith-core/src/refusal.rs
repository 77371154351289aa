//! A row that could not be read: where it stands, what it said, why it was refused, what to do.

use serde::{Deserialize, Serialize};

/// One refused cell or row of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The row as a person counts it in the file: the header is row 1 where there is one.
    pub row: u64,
    /// The column's own name; empty when the whole row is at fault.
    pub column: String,
    /// What stood there, cut to 200 characters.
    pub value: String,
    pub reason: String,
}

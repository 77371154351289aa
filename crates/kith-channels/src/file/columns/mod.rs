//! From the columns of somebody's export to our words.
//!
//! [`guess`] proposes a [`Mapping`] from headers and values; a person corrects it; [`Plan::new`] lays it over the columns of a file;
//! each thread takes a [`RowReader`] and turns rows into a [`Yield`] of touches, identities, links, records and refusals. What each column
//! can mean, and by which rules rows are read, stands in `docs/import-columns.md`.

mod cells;
mod dialect;
mod dialects;
mod field;
mod guess;
mod header;
mod look;
mod mapping;
pub mod own_id;
mod plan;
mod read_case;
mod read_contact;
mod read_cost;
mod read_order;
mod read_post;
mod read_review;
mod read_touch;
mod reader;
mod who;
mod words;

#[cfg(test)]
mod proof;
#[cfg(test)]
mod proof_real;

pub use field::{Field, FieldError, ImportKind};
pub use guess::{ColumnGuess, Guess, guess};
pub use mapping::{Mapping, OrderStatus, RowIs, Settings};
pub use plan::{MappingError, Plan, PostTimes};
pub use reader::{RowReader, Yield};

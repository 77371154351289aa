//! Listening: what comes in, by file or by call, and what is done with it before anybody asks.

mod append;
pub mod catalogue;
mod compact;
mod import;
mod list;
mod open;
mod refused;
mod undo;

pub use append::{CallReader, after_calls, append};
pub use compact::{Compacted, compact};
pub use import::{ImportError, ImportProgress, ImportReport, import};
pub use list::{Listed, imports};
pub use open::{Guessed, Opened, OpenedTable, Preview, Wanted, known_import, open, preview, save_mapping, saved_mapping};
pub use undo::{UndoError, set_standing};

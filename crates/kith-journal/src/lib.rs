//! The journal: the customer timeline and the records, in SQLite or PostgreSQL. This crate alone knows SQL databases.
//!
//! It keeps who is who (identities, links, merges), what came in (imports and their standing), which Parquet files of the lake hold it (the
//! catalogue), the hot touches that lie in no file yet, what sources say besides touches (records), and the plan. It never reads or
//! writes a Parquet file: the desk joins it with the lake. Who may do what, and who did what, lies in [`trust`].
//!
//! Every function that changes something is one transaction: it happened wholly when it returns, and not at all when it fails. What is
//! acknowledged is on the disk. One SQL text serves both engines (`migrations/README.md`, [`Engine`]).
//!
//! What it costs is printed by `KITH_COST_ROWS=200000 cargo test cost_of -- --nocapture`. One run of a build for development on two busy
//! cores (SQLite / PostgreSQL 15): 83,000 / 22,000 new identities a second in an import, 42,000 / 19,000 texts a second into the
//! search index, 8 / 3 ms for a touch that is appended alone (PostgreSQL's tests run without fsync), 17,000 / 8,000 touches a second by
//! the thousand. A touch alone costs the wait for the disk, so pass what there is together.

mod account;
mod brand;
mod campaign;
mod catalogue;
mod done_action;
mod hot;
mod identity;
mod import;
mod import_commit;
mod journal;
mod journal_error;
mod link;
mod mapping;
mod merge;
mod record;
mod schema;
mod search;
mod sql;
mod tenant;
#[doc(hidden)]
pub mod testing;
pub mod trust;
mod writer_lock;

#[cfg(test)]
mod cost;
#[cfg(test)]
mod story;
#[cfg(test)]
mod trouble;

pub use catalogue::{Catalogue, CatalogueFile, FileId, FileReplacement, HiddenChange, NewFile};
pub use done_action::DoneAction;
pub use hot::HotKey;
pub use import::{Import, ImportCounts, ImportEvent, ImportState, NewImport};
pub use import_commit::{ImportCommit, StandingChange};
pub use journal::{Journal, Writers};
pub use journal_error::JournalError;
pub use merge::{Decision, MergePlan, NewMerge, NewProposal};
pub use search::SearchHit;
pub use sql::Engine;
pub use writer_lock::{HeldLock, WriterLock};

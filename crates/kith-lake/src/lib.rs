//! The lake: touches in Parquet files, and questions over them and over what is not yet in files.
//!
//! This crate alone knows Parquet and the query engine; plain structs go in and plain rows come out. It knows no SQL
//! database: which files there are, and which of their rows are hidden, the caller says ([`LakeFile`], kept in the catalogue).
//! Files are never changed. Nothing here takes the store's lock: whoever writes or sweeps holds it.

mod fault;
mod file;
mod footer;
mod hidden;
mod lake;
mod merge;
mod parquet_rows;
mod part_file;
mod plain_table;
mod questions;
mod reading;
mod rows;
mod schema;
mod session;
mod settle;
mod sweep;
#[cfg(test)]
mod testing;
mod verify;
mod write;

pub use fault::LakeError;
pub use file::LakeFile;
pub use hidden::HiddenRows;
pub use lake::{Lake, LakeOptions};
pub use parquet_rows::{ParquetRows, read_parquet};
pub use plain_table::{PlainColumn, PlainValues, write_parquet};
pub use questions::{
    BuyersRow, CampaignFacts, CohortMonth, ContactPage, ContactRow, Cut, DriftRules, DriftingCustomer, EfficiencyQuery,
    EfficiencyRow, Group, LeadRow, PathQuery, PathRow, Period, PlacementFacts, PostRow, ReviewedOrders, Run, SalesRow,
    SpendQuery, SpendRow, StageCount, StageFlow, TrafficRow, UnansweredComplaint, UnaskedCustomer, WeekBesideWeek,
};
pub use session::{Cell, ExportFormat, Row, Session, Sheet, Snapshot, Value};
pub use sweep::Swept;
pub use verify::{Fault, FileFault};
pub use write::{TouchWriter, Written};

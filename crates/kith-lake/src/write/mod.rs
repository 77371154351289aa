//! Touches into files: collected by month, sorted, written once and never changed.

mod buffer;
mod new_file;
mod one_month;
mod touch_writer;
mod words;

pub(crate) use buffer::Buffer;
pub(crate) use new_file::NewFile;
pub(crate) use one_month::MonthJob;
pub(crate) use words::{KnownWords, Words};

pub use touch_writer::{TouchWriter, Written};

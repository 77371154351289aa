//! Reads one text, Chinese or English, offline. Pure: text in, readings out.

mod search_terms;

pub use search_terms::search_terms;

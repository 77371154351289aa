//! Stories through the front door: the real binary, on stores of its own.
//!
//! One file a story. None of them looks into the store by another way than a user has.

mod closed_pipe;
mod configuration;
mod engines;
mod exporting;
mod faults;
mod http;
mod importing;
mod input;
mod kill;
mod real_files;
mod same_figures;
mod shop;
mod users;

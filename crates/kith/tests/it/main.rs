//! Stories through the front door: the real binary, on stores of its own.
//!
//! One file a story. None of them looks into the store by another way than a user has.

mod engines;
mod faults;
mod importing;
mod input;
mod kill;
mod real_files;
mod same_figures;
mod shop;

//! Channels: the only place that knows how a platform speaks. A folder a network; none knows another.
//!
//! `file` is the channel that every small shop has: what a person can export, Kith can read.

pub mod file;

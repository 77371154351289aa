//! Days and instants as they stand in addresses and bodies.

use kith_core::{Day, Instant};

use super::problem::{Code, Fault};

/// RFC 3339.
pub fn instant(field: &str, text: &str) -> Result<Instant, Fault> {
    // In an address a `+` that nobody escaped has become a blank.
    Instant::parse(&text.replace(' ', "+")).map_err(|error| Fault::new(Code::Invalid).field(field).detail(error.to_string()))
}

/// `2026-11-01`.
pub fn day(field: &str, text: &str) -> Result<Day, Fault> {
    Day::parse(text).map_err(|error| Fault::new(Code::Invalid).field(field).detail(error.to_string()))
}

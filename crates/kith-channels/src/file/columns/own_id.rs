//! Which event is which: the source and the own id that a touch id is made of.
//!
//! The same event by file, by call and by poll must have one touch id, so everybody who makes touches uses these names.
//!
//! - **Source**: who numbers the event. The setting `source` if a mapping has one, else the channel.
//! - **Parts of an order**: `order:<no>`, `line:<no>:<line>`, `payment:<no>` or `payment:<no>:<payment>`, `shipment:<no>`,
//!   `delivery:<no>`, `refund:<no>` or `refund:<no>:<refund>`, `cancel:<no>`.
//! - **Reviews**: `review:<number>`, where the number is the review's own or, where it has none, the order's; if both are known,
//!   `review:<review>:<order>`, for shops ask once about several orders (Olist does).
//! - **Everything else**: `<kind>:<the source's number of it>`.
//! - **Without a number**: `<kind>:=<digest>`, a digest of who, when, what and everything else that the row says. Rows that say the
//!   same in everything are told apart as `…#1`, `…#2` in the order in which they are met; as they are the same, no order of
//!   reading changes the result, and two overlapping exports agree in the first of them.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, PoisonError};

use kith_core::TouchKind;

/// The own id of what happened to an order (or of its `part`: a line, a payment, a refund).
pub fn of_order(out: &mut String, kind: TouchKind, number: &str, part: Option<&str>) {
    out.clear();
    let word = if kind == TouchKind::OrderLine { "line" } else { kind.as_str() };
    out.push_str(word);
    out.push(':');
    out.push_str(number);
    if let Some(part) = part {
        out.push(':');
        out.push_str(part);
    }
}

/// The own id of an event that its source numbers.
pub fn of_numbered(out: &mut String, kind: TouchKind, number: &str) {
    out.clear();
    out.push_str(kind.as_str());
    out.push(':');
    out.push_str(number);
}

/// The own id of the `nth` event (from 0) that says what `digest` was made of.
pub fn of_content(out: &mut String, kind: TouchKind, digest: i64, nth: u32) {
    out.clear();
    out.push_str(kind.as_str());
    push_content(out, digest, nth);
}

/// Appends `:=<digest>`, and `#n` from the second on.
pub fn push_content(out: &mut String, digest: i64, nth: u32) {
    // Writing into a string cannot fail.
    let _ = write!(out, ":={digest:016x}");
    if nth > 0 {
        let _ = write!(out, "#{nth}");
    }
}

/// Counts equal rows over a whole import, from all threads.
#[derive(Debug)]
pub struct Repeats(Vec<Mutex<HashMap<i64, u32, BuildHasherDefault<Plain>>>>);

/// Digests are spread evenly already; hashing them again would only cost.
#[derive(Debug, Default, Clone, Copy)]
pub struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_i64(&mut self, value: i64) {
        self.0 = (value as u64).rotate_left(7);
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = value.rotate_left(7);
    }
}

impl Repeats {
    const SHARDS: usize = 64;

    #[must_use]
    pub fn new() -> Self {
        Self((0..Self::SHARDS).map(|_| Mutex::default()).collect())
    }

    /// How many times `digest` was met before.
    pub fn count(&self, digest: i64) -> u32 {
        let shard = &self.0[digest as usize % Self::SHARDS];
        // A thread that fell over while it held the lock left a count that is still right.
        let mut seen = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let count = seen.entry(digest).or_default();
        *count += 1;
        *count - 1
    }
}

impl Default for Repeats {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_that_every_source_uses() {
        let mut id = String::new();
        of_order(&mut id, TouchKind::OrderLine, "7", Some("1"));
        assert_eq!(id, "line:7:1");
        of_order(&mut id, TouchKind::Payment, "7", None);
        assert_eq!(id, "payment:7");
        of_numbered(&mut id, TouchKind::Repost, "99");
        assert_eq!(id, "repost:99");
        of_content(&mut id, TouchKind::Like, 255, 2);
        assert_eq!(id, "like:=00000000000000ff#2");
    }

    #[test]
    fn equal_rows_are_counted_over_all_threads() {
        let repeats = Repeats::new();
        let mut seen: Vec<u32> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| (0..250).map(|_| repeats.count(5)).collect::<Vec<_>>())).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        seen.sort_unstable();
        assert_eq!(seen, (0..1000).collect::<Vec<_>>());
    }
}

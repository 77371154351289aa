//! An instant: microseconds since 1970 in UTC. People read it in their own time zone through [`crate::Calendar`].

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// A point in time between the years 1900 and 2200: a date outside is a typing error or an attack, never a touch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(i64);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    #[error("`{0}` is not a time: write it like 2026-11-01T09:30:00+08:00")]
    NotATime(String),
    #[error("the time {0} µs lies outside the years 1900 to 2199")]
    OutOfRange(i64),
}

const FIRST: i64 = -2_208_988_800_000_000;
const LAST: i64 = 7_258_118_400_000_000 - 1;

impl Instant {
    pub const EARLIEST: Self = Self(FIRST);
    pub const LATEST: Self = Self(LAST);

    /// From microseconds since 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Result<Self, InstantError> {
        if micros < FIRST || micros > LAST { Err(InstantError::OutOfRange(micros)) } else { Ok(Self(micros)) }
    }

    /// From seconds since 1970.
    pub fn from_seconds(seconds: i64) -> Result<Self, InstantError> {
        let micros = seconds.checked_mul(1_000_000).ok_or(InstantError::OutOfRange(seconds))?;
        Self::from_micros(micros)
    }

    pub fn from_datetime(at: DateTime<Utc>) -> Result<Self, InstantError> {
        Self::from_micros(at.timestamp_micros())
    }

    /// Parses RFC 3339: `2026-11-01T09:30:00+08:00`.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| InstantError::NotATime(text.to_owned()))?;
        Self::from_datetime(at.to_utc())
    }

    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    #[must_use]
    pub fn datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// This instant and some seconds more (or less), held inside the range of instants.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)).clamp(FIRST, LAST))
    }

    /// Days from `earlier` to this instant, with their fraction.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / 86_400e6
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.datetime().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instant({self})")
    }
}

impl TryFrom<String> for Instant {
    type Error = InstantError;
    fn try_from(text: String) -> Result<Self, InstantError> {
        Self::parse(&text)
    }
}

impl From<Instant> for String {
    fn from(at: Instant) -> Self {
        at.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_offset_is_taken_off() {
        let at = Instant::parse("2026-11-01T08:00:00+08:00").unwrap();
        assert_eq!(at.to_string(), "2026-11-01T00:00:00Z");
    }

    #[test]
    fn a_year_of_five_digits_is_refused() {
        assert!(matches!(Instant::from_seconds(99_999_999_999), Err(InstantError::OutOfRange(_))));
        assert!(matches!(Instant::from_seconds(i64::MAX), Err(InstantError::OutOfRange(_))));
    }

    proptest! {
        #[test]
        fn an_instant_survives_being_written(micros in FIRST..=LAST) {
            let at = Instant::from_micros(micros).unwrap();
            prop_assert_eq!(Instant::parse(&at.to_string()).unwrap(), at);
        }

        #[test]
        fn no_text_breaks_the_parser(text in ".*") {
            let _ = Instant::parse(&text);
        }
    }
}

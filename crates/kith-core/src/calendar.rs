//! Days, weeks and months of a tenant's own time zone, across daylight saving.
//!
//! A day is not 24 hours: on two nights a year it has 23 or 25. So a day is always asked of a [`Calendar`], which knows the
//! zone, and no code divides microseconds by 86,400 seconds to find one.

use std::fmt;

use chrono::{Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::Instant;

/// A calendar day, such as 2026-11-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub NaiveDate);

/// A week that starts on Monday (ISO 8601), named by that Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Week(pub NaiveDate);

/// A month of UTC, for the folders of the lake: 202611. Zero holds what has no time of its own (a line or a payment that an
/// export gives with its order's number only).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month(pub i32);

impl Month {
    pub const UNDATED: Self = Self(0);

    /// The month of UTC in which an instant lies.
    #[must_use]
    pub fn of(at: Option<Instant>) -> Self {
        at.map_or(Self::UNDATED, |at| {
            let date = at.datetime().date_naive();
            Self(date.year() * 100 + date.month() as i32)
        })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("undated"),
            key => write!(f, "{:04}-{:02}", key / 100, key % 100),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Day {
    /// The day `count` days later (earlier, if negative).
    #[must_use]
    pub fn plus(self, count: i64) -> Self {
        Self(self.0.checked_add_signed(TimeDelta::days(count)).unwrap_or(self.0))
    }

    /// The week in which the day lies.
    #[must_use]
    pub fn week(self) -> Week {
        let back = u64::from(self.0.weekday().num_days_from_monday());
        Week(self.0.checked_sub_days(Days::new(back)).unwrap_or(self.0))
    }
}

/// A tenant's time zone, and the days that it cuts time into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar(Tz);

impl Calendar {
    #[must_use]
    pub const fn new(zone: Tz) -> Self {
        Self(zone)
    }

    /// Parses an IANA name such as `Asia/Shanghai`.
    #[must_use]
    pub fn parse(zone: &str) -> Option<Self> {
        zone.trim().parse().ok().map(Self)
    }

    #[must_use]
    pub const fn zone(self) -> Tz {
        self.0
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The day on which an instant falls here.
    #[must_use]
    pub fn day(self, at: Instant) -> Day {
        Day(self.0.from_utc_datetime(&at.datetime().naive_utc()).date_naive())
    }

    /// The wall clock at an instant.
    #[must_use]
    pub fn local(self, at: Instant) -> NaiveDateTime {
        self.0.from_utc_datetime(&at.datetime().naive_utc()).naive_local()
    }

    /// The first instant of a day. Where the clock skips midnight, the first instant that exists.
    #[must_use]
    pub fn start(self, day: Day) -> Instant {
        self.instant(day.0.and_time(NaiveTime::MIN))
    }

    /// The instant that a wall clock shows. A time that occurs twice (clocks set back) is the first of the two; a time that
    /// never occurs (clocks set forward) is read with the offset before the change, as RFC 5545 does.
    #[must_use]
    pub fn instant(self, wall: NaiveDateTime) -> Instant {
        let utc = match self.0.from_local_datetime(&wall) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.naive_utc(),
            LocalResult::None => {
                let before = wall - TimeDelta::hours(3);
                let offset = match self.0.offset_from_local_datetime(&before) {
                    LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => offset.fix(),
                    LocalResult::None => self.0.offset_from_utc_datetime(&wall).fix(),
                };
                wall - TimeDelta::seconds(i64::from(offset.local_minus_utc()))
            }
        };
        let micros = utc.and_utc().timestamp_micros();
        Instant::from_micros(micros.clamp(Instant::EARLIEST.micros(), Instant::LATEST.micros())).unwrap_or(Instant::EARLIEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    #[test]
    fn a_day_in_shanghai_starts_at_16_utc_the_day_before() {
        let start = Calendar::parse("Asia/Shanghai").unwrap().start(day("2026-11-01"));
        assert_eq!(start.to_string(), "2026-10-31T16:00:00Z");
    }

    #[test]
    fn the_day_the_clocks_go_back_has_25_hours() {
        let berlin = Calendar::parse("Europe/Berlin").unwrap();
        let hours = (berlin.start(day("2026-10-26")).micros() - berlin.start(day("2026-10-25")).micros()) / 3_600_000_000;
        assert_eq!(hours, 25);
    }

    #[test]
    fn where_midnight_is_skipped_the_day_starts_at_the_first_minute_that_exists() {
        // Brazil set its clocks from 00:00 to 01:00 on 2018-11-04 (IANA tz database).
        let rio = Calendar::parse("America/Sao_Paulo").unwrap();
        let start = rio.start(day("2018-11-04"));
        assert_eq!(start.to_string(), "2018-11-04T03:00:00Z");
        assert_eq!(rio.day(start), day("2018-11-04"));
    }

    #[test]
    fn an_undated_touch_lies_in_no_month() {
        assert_eq!(Month::of(None).to_string(), "undated");
        assert_eq!(Month::of(Some(Instant::parse("2026-01-31T23:59:59Z").unwrap())).to_string(), "2026-01");
    }

    proptest! {
        #[test]
        fn every_instant_lies_between_the_start_of_its_day_and_of_the_next(
            seconds in -2_000_000_000_i64..7_000_000_000,
            zone in proptest::sample::select(vec!["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia", "Africa/Cairo"]),
        ) {
            let calendar = Calendar::parse(zone).unwrap();
            let at = Instant::from_seconds(seconds).unwrap();
            let day = calendar.day(at);
            prop_assert!(calendar.start(day) <= at);
            // A zone may skip a whole day (Apia, 2011-12-30): then the next day starts at the same instant.
            prop_assert!(at < calendar.start(day.plus(2)));
        }

        #[test]
        fn a_week_starts_on_monday(days in 0_i64..60_000) {
            let day = Day(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()).plus(days);
            let week = day.week();
            prop_assert_eq!(week.0.weekday(), chrono::Weekday::Mon);
            prop_assert!((0..7).contains(&(day.0 - week.0).num_days()));
        }
    }
}

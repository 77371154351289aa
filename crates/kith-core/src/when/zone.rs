//! Offsets of wall clocks from UTC, remembered by day: asking the zone costs ten times what reading the digits does.

use std::cell::Cell;

use chrono::{Days, NaiveDate, NaiveTime};

use crate::Calendar;

const REMEMBERED: usize = 256;
/// The day's offset changes, or cannot be asked.
const CHANGES: i64 = i64::MIN;

/// The offsets of days of one calendar. Cells make it neither shared nor locked: each thread has its own.
#[derive(Debug, Clone)]
pub(super) struct Offsets {
    calendar: Calendar,
    days: Box<[Cell<(i32, i64)>]>,
}

impl Offsets {
    pub(super) fn new(calendar: Calendar) -> Self {
        Self { calendar, days: vec![Cell::new((i32::MIN, CHANGES)); REMEMBERED].into() }
    }

    pub(super) const fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// Microseconds by which the wall clock is ahead of UTC all through a day (days since 1970-01-01). `None` if it is set on
    /// that day.
    pub(super) fn of_day(&self, day: i32) -> Option<i64> {
        let slot = &self.days[day.rem_euclid(REMEMBERED as i32) as usize];
        let (known, offset) = slot.get();
        let offset = if known == day {
            offset
        } else {
            let offset = self.ask(day).unwrap_or(CHANGES);
            slot.set((day, offset));
            offset
        };
        (offset != CHANGES).then_some(offset)
    }

    fn ask(&self, day: i32) -> Option<i64> {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
        let date = epoch.checked_add_signed(chrono::TimeDelta::days(i64::from(day)))?;
        let at =
            |date: NaiveDate, hour| Some(self.calendar.instant(date.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?)).micros());
        let (midnight, noon, next) = (at(date, 0)?, at(date, 12)?, at(date.checked_add_days(Days::new(1))?, 0)?);
        let even = noon - midnight == 43_200_000_000 && next - midnight == 86_400_000_000;
        even.then(|| i64::from(day) * 86_400_000_000 - midnight)
    }
}

/// Days since 1970-01-01 of a date of the years 1900 to 2199 (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub(super) const fn day_number(year: u32, month: u32, day: u32) -> Option<i32> {
    if year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) {
        return None;
    }
    let (year, shifted) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year / 400, year % 400);
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    Some((era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year) as i32 - 719_468)
}

const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_three_centuries_has_the_number_that_chrono_gives_it() {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let mut date = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
        while date < NaiveDate::from_ymd_opt(2200, 1, 1).unwrap() {
            use chrono::Datelike;
            assert_eq!(day_number(date.year() as u32, date.month(), date.day()), Some((date - epoch).num_days() as i32));
            date = date.succ_opt().unwrap();
        }
        assert_eq!(day_number(2026, 2, 29), None);
        assert_eq!(day_number(2026, 13, 1), None);
    }

    #[test]
    fn a_day_on_which_the_clocks_are_set_has_no_one_offset() {
        let offsets = Offsets::new(Calendar::parse("Europe/Berlin").unwrap());
        assert_eq!(offsets.of_day(day_number(2026, 10, 24).unwrap()), Some(7_200_000_000));
        assert_eq!(offsets.of_day(day_number(2026, 10, 25).unwrap()), None);
        assert_eq!(offsets.of_day(day_number(2026, 10, 26).unwrap()), Some(3_600_000_000));
    }
}

//! When something happened, as exports write it: `2026-01-03 09:30:00`, `2026年1月3日 下午2:05`, `昨天 12:30`, `46025.52`,
//! `Tue May 31 17:46:55 +0800 2011`, `03/04/2026 14:00`, `1767432600000`.
//!
//! Text without an offset is the wall clock of the tenant's calendar. Text without a year (`1月3日`) is the latest such time
//! that is not after the export, and text relative to now (`5分钟前`) counts back from the export; without a stated export
//! time both are refused, because a guess would shift history without a word.
//!
//! Ten digits that read as year, month, day and hour from 2000 on (`2026010309`) are the hour column of Google Analytics and
//! not epoch seconds. In `03/04/2026` the month stands first unless the caller says otherwise; with points (`03.04.2026`) the
//! day does, as everywhere where people write points.

mod clock;
mod zone;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};

use crate::{Calendar, Day, Instant};
use clock::{Scan, Stamp, narrow};
use zone::Offsets;

/// Reads times of one export. Cheap to clone; each thread has its own, because it remembers the offsets of the days it saw.
#[derive(Debug, Clone)]
pub struct WhenParser {
    offsets: Offsets,
    export_time: Option<Instant>,
    day_first: bool,
}

/// Why a text is not a time, and how to write it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    #[error("a time is missing: write it like 2026-11-01 09:30:00")]
    Empty,
    #[error("`{0}` is not a time: write it like 2026-11-01 09:30:00 or 2026-11-01T09:30:00+08:00")]
    NotATime(String),
    #[error("`{0}` names a day or an hour that does not exist: write it like 2026-11-01 09:30:00")]
    NoSuchTime(String),
    #[error("`{0}` counts from the time of the export, which is not known: state it, or write the time like 2026-11-01 09:30:00")]
    NoExportTime(String),
    #[error("`{0}` can be read in two ways: write it like 2026-11-01 09:30:00")]
    Ambiguous(String),
    #[error("`{0}` lies outside the years 1900 to 2199: write it like 2026-11-01 09:30:00")]
    OutOfRange(String),
}

/// What can be wrong, before the text is put into the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NotATime,
    NoSuchTime,
    NoExportTime,
    Ambiguous,
    OutOfRange,
}

/// The longest text that can be a time; RFC 2822 with a comment has about 45 bytes.
const LONGEST: usize = 100;

impl WhenParser {
    /// A parser for wall clocks of `calendar`; `export_time` is when the file was exported.
    #[must_use]
    pub fn new(calendar: Calendar, export_time: Option<Instant>) -> Self {
        Self { offsets: Offsets::new(calendar), export_time, day_first: false }
    }

    /// Whether `03/04/2026` is the 3rd of April.
    #[must_use]
    pub const fn day_first(mut self, day_first: bool) -> Self {
        self.day_first = day_first;
        self
    }

    /// The instant that a text names. A day alone is its first instant.
    pub fn parse(&self, text: &str) -> Result<Instant, WhenError> {
        let text = text.trim();
        if let Some(at) = self.common(text.as_bytes()) {
            return Ok(at);
        }
        self.uncommon(text)
    }

    /// The day that a text names, in the calendar.
    pub fn parse_day(&self, text: &str) -> Result<Day, WhenError> {
        let at = self.parse(text)?;
        Ok(self.offsets.calendar().day(at))
    }

    /// `2026-01-03`, `2026-01-03 09:30:00`, with `T`, with a fraction, with `Z` or `+08:00`: what nearly every cell has. `None` sends it the long way.
    fn common(&self, text: &[u8]) -> Option<Instant> {
        let (date, rest) = text.split_first_chunk::<10>()?;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else { return None };
        let day = zone::day_number(two(y1, y2)? * 100 + two(y3, y4)?, two(m1, m2)?, two(d1, d2)?)?;
        let (micros, said) = match rest.split_first_chunk::<9>() {
            None if rest.is_empty() => (0, None),
            None => return None,
            Some((clock, tail)) => {
                let [b' ' | b'T', h1, h2, b':', n1, n2, b':', s1, s2] = *clock else { return None };
                let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
                if hour > 23 || minute > 59 || second > 59 {
                    return None;
                }
                let (tail, said) = offset(tail)?;
                (i64::from(hour * 3600 + minute * 60 + second) * 1_000_000 + fraction(tail)?, said)
            }
        };
        let wall = i64::from(day) * 86_400_000_000 + micros;
        let offset = match said {
            Some(offset) => offset,
            None => self.offsets.of_day(day)?,
        };
        Instant::from_micros(wall - offset).ok()
    }

    fn uncommon(&self, text: &str) -> Result<Instant, WhenError> {
        if text.is_empty() {
            return Err(WhenError::Empty);
        }
        let cut = || text.chars().take(80).collect::<String>();
        if text.len() > LONGEST {
            return Err(WhenError::NotATime(cut()));
        }
        let folded: String = text.chars().map(narrow).collect();
        self.read(folded.trim()).map_err(|fault| match fault {
            Fault::NotATime => WhenError::NotATime(cut()),
            Fault::NoSuchTime => WhenError::NoSuchTime(cut()),
            Fault::NoExportTime => WhenError::NoExportTime(cut()),
            Fault::Ambiguous => WhenError::Ambiguous(cut()),
            Fault::OutOfRange => WhenError::OutOfRange(cut()),
        })
    }

    fn read(&self, text: &str) -> Result<Instant, Fault> {
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.matches('.').count() < 2 {
            return self.number(text);
        }
        if let Some(found) = self.relative(text) {
            return found;
        }
        let stamp = Stamp::read(text, self.day_first)?;
        let Some(year) = stamp.year else {
            return self.latest(&stamp);
        };
        let date = NaiveDate::from_ymd_opt(year, stamp.month, stamp.day).ok_or(Fault::NoSuchTime)?;
        self.on(date, &stamp)
    }

    /// The instant of a stamp's clock on a date, at its own offset if it has one.
    fn on(&self, date: NaiveDate, stamp: &Stamp) -> Result<Instant, Fault> {
        let wall = date.and_hms_opt(0, 0, 0).ok_or(Fault::NoSuchTime)?;
        let wall = wall.checked_add_signed(TimeDelta::microseconds(stamp.micros)).ok_or(Fault::OutOfRange)?;
        match stamp.offset {
            Some(seconds) => micros(wall.and_utc().timestamp_micros() - i64::from(seconds) * 1_000_000),
            None => self.wall(wall),
        }
    }

    fn wall(&self, wall: NaiveDateTime) -> Result<Instant, Fault> {
        if !(1900..2200).contains(&wall.year()) {
            return Err(Fault::OutOfRange);
        }
        Ok(self.offsets.calendar().instant(wall))
    }

    /// A date without a year: the latest such time that is not after the export.
    fn latest(&self, stamp: &Stamp) -> Result<Instant, Fault> {
        let export = self.export_time.ok_or(Fault::NoExportTime)?;
        let this_year = self.offsets.calendar().local(export).year() + 1;
        // A 29th of February can lie eight years back (2096 to 2104).
        let dates = (0..=9).filter_map(|back| NaiveDate::from_ymd_opt(this_year - back, stamp.month, stamp.day));
        for date in dates {
            let at = self.on(date, stamp)?;
            if at <= export {
                return Ok(at);
            }
        }
        Err(Fault::NoSuchTime)
    }

    /// Digits alone, perhaps with a fraction: epochs, packed dates, days of a spreadsheet.
    fn number(&self, text: &str) -> Result<Instant, Fault> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let value: i64 = whole.parse().map_err(|_| Fault::NotATime)?;
        let packed = || {
            let stamp = Stamp::packed(whole)?;
            let date = NaiveDate::from_ymd_opt(stamp.year?, stamp.month, stamp.day)?;
            Some(self.on(date, &stamp))
        };
        let part = |unit: f64| {
            format!("0.{fraction}0").parse::<f64>().map(|part| (part * unit).round() as i64).map_err(|_| Fault::NotATime)
        };
        match whole.len() {
            5 if (20_000..=80_000).contains(&value) => {
                // Days since 1899-12-30: the epoch of 1900 and its 29th of February, which never was, make it so. To the
                // millisecond, because a float holds no more.
                let day = NaiveDate::from_ymd_opt(1899, 12, 30)
                    .and_then(|epoch| epoch.checked_add_days(Days::new(value.unsigned_abs())));
                let midnight = day.and_then(|day| day.and_hms_opt(0, 0, 0)).ok_or(Fault::OutOfRange)?;
                self.wall(midnight + TimeDelta::milliseconds(part(86_400_000.0)?))
            }
            8 | 12 | 14 if fraction.is_empty() => packed().unwrap_or(Err(Fault::NoSuchTime)),
            10 if fraction.is_empty() && whole.starts_with("20") => packed().unwrap_or_else(|| micros(value * 1_000_000)),
            10 => micros(value * 1_000_000 + part(1e6)?),
            13 => micros(value * 1_000 + part(1e3)?),
            16 => micros(value),
            _ => Err(Fault::NotATime),
        }
    }

    /// `刚刚`, `5分钟前`, `昨天 12:30`, `yesterday 12:30`, `5 minutes ago`. `None`: the text is nothing of the kind.
    fn relative(&self, text: &str) -> Option<Result<Instant, Fault>> {
        let lower = text.to_ascii_lowercase();
        let lower = lower.as_str();
        let export = self.export_time.ok_or(Fault::NoExportTime);
        if matches!(lower, "刚刚" | "刚才" | "just now" | "now") {
            return Some(export);
        }
        let days = [("今天", 0), ("今日", 0), ("昨天", 1), ("昨日", 1), ("前天", 2), ("today", 0), ("yesterday", 1)];
        for (word, back) in days {
            if let Some(rest) = lower.strip_prefix(word) {
                return Some(export.and_then(|export| self.days_before(export, back, Some(rest))));
            }
        }
        let (count, rest) = leading_count(lower)?;
        let unit = rest.strip_suffix("ago").or_else(|| rest.split_once('前').map(|(unit, _)| unit))?.trim();
        let unit = unit.strip_prefix('个').unwrap_or(unit);
        let seconds = match unit {
            "秒" | "秒钟" | "second" | "seconds" | "sec" | "secs" => 1,
            "分" | "分钟" | "minute" | "minutes" | "min" | "mins" => 60,
            "小时" | "钟头" | "hour" | "hours" | "hr" | "hrs" => 3600,
            "天" | "日" | "day" | "days" => return Some(export.and_then(|at| self.days_before(at, count, after_ago(rest)))),
            "周" | "星期" | "week" | "weeks" => {
                return Some(export.and_then(|at| self.days_before(at, count * 7, after_ago(rest))));
            }
            _ => return None,
        };
        if after_ago(rest).is_some() {
            return None;
        }
        Some(export.and_then(|at| micros(at.micros() - count * seconds * 1_000_000)))
    }

    /// Days of the calendar before the export: at the clock that follows, at the start of the day (a day by name), or at the
    /// clock of the export (a number of days).
    fn days_before(&self, export: Instant, back: i64, clock: Option<&str>) -> Result<Instant, Fault> {
        let now = self.offsets.calendar().local(export);
        let date = now.date().checked_sub_days(Days::new(back.unsigned_abs())).ok_or(Fault::OutOfRange)?;
        let Some(clock) = clock else {
            return self.wall(date.and_time(now.time()));
        };
        let mut scan = Scan::new(clock);
        let micros = scan.clock_or_midnight()?;
        let wall = date.and_hms_opt(0, 0, 0).ok_or(Fault::NoSuchTime)? + TimeDelta::microseconds(micros);
        if scan.is_done() { self.wall(wall) } else { Err(Fault::NotATime) }
    }
}

fn micros(value: i64) -> Result<Instant, Fault> {
    Instant::from_micros(value).map_err(|_| Fault::OutOfRange)
}

const fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { None } else { Some(tens as u32 * 10 + ones as u32) }
}

/// Cuts off `Z`, `+08:00` or `-03:30`: what stands before it, and the offset in microseconds if there is one. `None` for an offset that
/// must be looked at more closely.
fn offset(tail: &[u8]) -> Option<(&[u8], Option<i64>)> {
    match tail {
        [front @ .., b'Z'] => Some((front, Some(0))),
        [front @ .., sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
            if hours > 14 || minutes > 59 {
                return None;
            }
            let micros = i64::from(hours * 60 + minutes) * 60_000_000;
            Some((front, Some(if *sign == b'-' { -micros } else { micros })))
        }
        _ => Some((tail, None)),
    }
}

/// Nothing, `.5`, `.123456`: microseconds. Digits beyond the sixth are dropped.
fn fraction(tail: &[u8]) -> Option<i64> {
    let digits = match tail {
        [] => return Some(0),
        [b'.', digits @ ..] if !digits.is_empty() && digits.len() <= 9 => digits,
        _ => return None,
    };
    let (mut value, mut scale) = (0, 100_000);
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value += i64::from(digit - b'0') * scale;
        scale /= 10;
    }
    Some(value)
}

/// `5分钟前` -> (5, `分钟前`); `an hour ago` -> (1, `hour ago`).
fn leading_count(text: &str) -> Option<(i64, &str)> {
    for word in ["an ", "a ", "one "] {
        if let Some(rest) = text.strip_prefix(word) {
            return Some((1, rest.trim_start()));
        }
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    // More than five digits would be centuries of days.
    let count = (1..=5).contains(&digits).then(|| text[..digits].parse().ok()).flatten()?;
    Some((count, text[digits..].trim_start()))
}

/// The clock in `2天前 12:30`.
fn after_ago(rest: &str) -> Option<&str> {
    rest.split_once('前').map(|(_, clock)| clock.trim()).filter(|clock| !clock.is_empty())
}

#[cfg(test)]
mod tests;

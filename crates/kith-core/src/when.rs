//! STAND-IN until the branch `readers` lands.
use crate::{Calendar, Day, Instant};
use chrono::{NaiveDate, NaiveDateTime};
#[derive(Debug, Clone)]
pub struct WhenParser {
    calendar: Calendar,
    day_first: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time")]
pub struct WhenError(String);
impl WhenParser {
    pub fn new(calendar: Calendar, _export: Option<Instant>) -> Self {
        Self { calendar, day_first: false }
    }
    pub fn day_first(mut self, yes: bool) -> Self {
        self.day_first = yes;
        self
    }
    pub fn parse(&self, text: &str) -> Result<Instant, WhenError> {
        let wrong = || WhenError(text.to_owned());
        if let Ok(at) = Instant::parse(text) {
            return Ok(at);
        }
        if text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Instant::from_seconds(text.parse().map_err(|_| wrong())?).map_err(|_| wrong());
        }
        for f in ["%Y-%m-%d %H:%M:%S %z"] {
            if let Ok(t) = chrono::DateTime::parse_from_str(text, f) {
                return Instant::from_datetime(t.to_utc()).map_err(|_| wrong());
            }
        }
        for f in [
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%Y/%m/%d %H:%M:%S",
            "%Y/%m/%d %H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M:%S%.f",
        ] {
            if let Ok(t) = NaiveDateTime::parse_from_str(text, f) {
                return Ok(self.calendar.instant(t));
            }
        }
        self.parse_day(text).map(|d| self.calendar.start(d))
    }
    pub fn parse_day(&self, text: &str) -> Result<Day, WhenError> {
        let slash = if self.day_first { "%d/%m/%Y" } else { "%m/%d/%Y" };
        for f in ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", slash] {
            if let Ok(t) = NaiveDate::parse_from_str(text, f) {
                return Ok(Day(t));
            }
        }
        Err(WhenError(text.to_owned()))
    }
}

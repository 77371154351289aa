//! A stretch of time that is never empty: `from` belongs to it, `until` does not.

use serde::{Deserialize, Serialize};

use crate::{Calendar, Day, Instant};

/// From an instant (inside) until an instant (outside).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    from: Instant,
    until: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    #[error("`{0}` is not a day: write it like 2026-11-01")]
    NotADay(String),
    #[error("the window ends at {until}, which is not after its start: choose a later end")]
    Empty { until: Instant },
}

impl Window {
    pub fn new(from: Instant, until: Instant) -> Result<Self, WindowError> {
        if until <= from { Err(WindowError::Empty { until }) } else { Ok(Self { from, until }) }
    }

    /// Whole days of a tenant's calendar; the last day belongs to the window, as people mean it.
    pub fn of_days(first: Day, last: Day, calendar: Calendar) -> Result<Self, WindowError> {
        Self::new(calendar.start(first), calendar.start(last.plus(1)))
    }

    /// Everything that has ever happened.
    #[must_use]
    pub const fn all() -> Self {
        Self { from: Instant::EARLIEST, until: Instant::LATEST }
    }

    #[must_use]
    pub const fn from(&self) -> Instant {
        self.from
    }

    #[must_use]
    pub const fn until(&self) -> Instant {
        self.until
    }

    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }
}

impl Day {
    /// Parses `2026-11-01`.
    pub fn parse(text: &str) -> Result<Self, WindowError> {
        text.trim().parse().map(Self).map_err(|_| WindowError::NotADay(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_belongs_to_the_window() {
        let shanghai = Calendar::parse("Asia/Shanghai").unwrap();
        let day = Day::parse("2026-11-11").unwrap();
        let window = Window::of_days(day, day, shanghai).unwrap();
        assert!(window.contains(Instant::parse("2026-11-11T23:59:59+08:00").unwrap()));
        assert!(!window.contains(Instant::parse("2026-11-12T00:00:00+08:00").unwrap()));
    }

    #[test]
    fn a_window_that_ends_before_it_starts_is_refused() {
        let shanghai = Calendar::parse("Asia/Shanghai").unwrap();
        let (one, two) = (Day::parse("2026-11-11").unwrap(), Day::parse("2026-11-09").unwrap());
        assert!(matches!(Window::of_days(one, two, shanghai), Err(WindowError::Empty { .. })));
    }
}

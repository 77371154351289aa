//! Cohorts: the customers of each month by their first order, and who of them ordered again in which later month.

use kith_core::{Day, Window};

use crate::{LakeError, Session};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CohortMonth {
    /// The first day of the month of the first order.
    pub cohort: Day,
    /// The first day of the month in which these people ordered; equal to `cohort` for all of them.
    pub month: Day,
    pub people: u64,
}

impl Session {
    /// Cohorts whose month begins or lies in the window; every later month until the session's as-of.
    pub async fn cohorts(&self, window: Window) -> Result<Vec<CohortMonth>, LakeError> {
        let first_of_month = |day: Day| Day::parse(&day.0.format("%Y-%m-01").to_string()).unwrap_or(day);
        let (first, last) = (self.calendar().day(window.from()), self.calendar().day(window.until().plus_seconds(-1)));
        let values = vec![("first", first_of_month(first).into()), ("last", last.into()), ("as_of", self.as_of().into())];
        self.ask("cohorts", include_str!("cohorts.sql"), values, |row| CohortMonth {
            cohort: row.day("cohort"),
            month: row.day("month"),
            people: row.count("people"),
        })
        .await
    }
}

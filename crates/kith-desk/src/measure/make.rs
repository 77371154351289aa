//! Makes figures and columns: every number gets its unit, interval, n, claim and method here and nowhere else.

use kith_core::{Claim, Currency, Day, Figure, Instant, Interval, Language, Unit};
use kith_lake::{Group, Period};
use kith_stats::{Estimate, wilson};

use super::answer::{Answer, Cell, Column};

/// The level of every interval that a person sees.
pub const LEVEL: f64 = 0.95;

/// Speaks the tenant's language and stamps figures with their time.
#[derive(Debug, Clone, Copy)]
pub struct Make {
    pub language: Language,
    pub as_of: Instant,
}

impl Make {
    #[must_use]
    pub fn say(&self, en: &str, zh: &str) -> String {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
        .to_owned()
    }

    #[must_use]
    pub fn name(&self, key: &'static str, en: &str, zh: &str) -> Column {
        Column { key, title: self.say(en, zh), method: String::new(), claim: None }
    }

    /// A column of figures: key, titles, method, claim.
    #[must_use]
    pub fn column(&self, key: &'static str, titles: (&str, &str), method: (&str, &str), claim: Claim) -> Column {
        Column { key, title: self.say(titles.0, titles.1), method: self.say(method.0, method.1), claim: Some(claim) }
    }

    /// The columns of time and part that a cut asks for.
    #[must_use]
    pub fn cut_columns(&self, period: Period, group: Group) -> Vec<Column> {
        let mut columns = Vec::new();
        match period {
            Period::Whole => {}
            Period::Day => columns.push(self.name("day", "day", "日")),
            Period::Week => columns.push(self.name("week", "week from", "周（起）")),
            Period::Month => columns.push(self.name("month", "month from", "月（起）")),
        }
        match group {
            Group::Whole => {}
            Group::Medium => columns.push(self.name("medium", "medium", "媒体")),
            Group::Campaign => columns.push(self.name("campaign", "campaign", "活动")),
            Group::Placement => columns.push(self.name("placement", "placement", "投放")),
            Group::Account => columns.push(self.name("account", "account", "账号")),
            Group::Channel => columns.push(self.name("channel", "channel", "渠道")),
            Group::Kind => columns.push(self.name("kind", "kind", "类型")),
        }
        columns
    }

    /// The cells under [`Self::cut_columns`].
    #[must_use]
    pub fn cut_cells(&self, period: Period, group: Group, day: Option<Day>, part: Option<&str>) -> Vec<Cell> {
        let mut cells = Vec::new();
        if period != Period::Whole {
            cells.push(day.into());
        }
        if group != Group::Whole {
            cells.push(part.unwrap_or("direct").into());
        }
        cells
    }

    fn figure(&self, value: Option<f64>, unit: Unit, interval: Option<Interval>, n: u64, claim: Claim, method: &str) -> Cell {
        Figure { value, unit, interval, n, claim, method: method.to_owned(), as_of: self.as_of }.into()
    }

    /// A figure under a column: the column's method and claim are the figure's.
    fn under(&self, column: &Column, value: Option<f64>, unit: Unit, interval: Option<Interval>, n: u64) -> Cell {
        self.figure(value, unit, interval, n, column.claim.unwrap_or(Claim::Measured), &column.method)
    }

    #[must_use]
    pub fn count(&self, column: &Column, value: u64) -> Cell {
        self.under(column, Some(value as f64), Unit::Count, None, value)
    }

    #[must_use]
    pub fn people(&self, column: &Column, value: u64) -> Cell {
        self.under(column, Some(value as f64), Unit::People, None, value)
    }

    #[must_use]
    pub fn money(&self, column: &Column, minor: i64, currency: Currency, n: u64) -> Cell {
        self.under(column, Some(minor as f64), Unit::Money(currency), None, n)
    }

    /// Money per piece; nothing where there are no pieces.
    #[must_use]
    pub fn money_per(&self, column: &Column, minor: f64, currency: Currency, pieces: u64) -> Cell {
        let value = (pieces > 0).then(|| minor / pieces as f64);
        self.under(column, value, Unit::Money(currency), None, pieces)
    }

    /// A quotient without a unit; nothing where the divisor is zero.
    #[must_use]
    pub fn ratio(&self, column: &Column, over: f64, under: f64, n: u64) -> Cell {
        let value = (under > 0.0).then(|| over / under);
        self.under(column, value, Unit::Ratio, None, n)
    }

    /// `hits` of `trials` with Wilson's interval.
    #[must_use]
    pub fn share(&self, column: &Column, hits: u64, trials: u64) -> Cell {
        let estimate = wilson(hits.min(trials), trials, LEVEL);
        self.estimate(column, estimate, Unit::Share, trials)
    }

    /// An estimate with its interval, or nothing where there was too little to estimate.
    #[must_use]
    pub fn estimate(&self, column: &Column, estimate: Option<Estimate>, unit: Unit, n: u64) -> Cell {
        let interval = estimate.map(|e| Interval { low: e.low, high: e.high, level: LEVEL });
        self.under(column, estimate.map(|e| e.value), unit, interval, n)
    }

    #[must_use]
    pub fn answer(&self, question: &'static str, titles: (&str, &str), columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Answer {
        Answer {
            question,
            title: self.say(titles.0, titles.1),
            from: None,
            until: None,
            as_of: self.as_of,
            columns,
            rows,
            notes: Vec::new(),
        }
    }
}

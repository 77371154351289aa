//! Figures, money and answers as the pages get them: money in major units, and beside every number the text that a person reads.

use kith_core::{Claim, Currency, Day, Instant, Unit};
use kith_desk::measure;
use serde::Serialize;
use utoipa::ToSchema;

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Money {
    /// In the smallest unit of the currency.
    pub minor: i64,
    /// ISO 4217.
    #[schema(example = "CNY")]
    pub currency: String,
    /// In the currency's own unit.
    pub amount: f64,
    #[schema(example = "CNY 1,234.50")]
    pub shown: String,
}

impl From<kith_core::Money> for Money {
    fn from(money: kith_core::Money) -> Self {
        let unit = Unit::Money(money.currency);
        Self {
            minor: money.minor,
            currency: money.currency.code().to_owned(),
            amount: money.major(),
            shown: measure::shown(money.minor as f64, unit),
        }
    }
}

/// A number with all that is needed to believe it or not.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Figure {
    /// Null where there is nothing to measure. Money is in the currency's own unit, shares are from 0 to 1.
    pub value: Option<f64>,
    #[schema(example = "count")]
    pub unit: String,
    pub currency: Option<String>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Of the interval from low to high, such as 0.95.
    pub level: Option<f64>,
    /// On how many observations it stands.
    pub n: u64,
    /// measured, correlated or caused.
    #[schema(example = "measured")]
    pub claim: String,
    pub method: String,
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    pub shown: String,
}

pub fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::People => "people",
        Unit::Share => "share",
        Unit::Money(_) => "money",
        Unit::Days => "days",
        Unit::Hours => "hours",
        Unit::Points => "points",
        Unit::Ratio => "ratio",
    }
}

const fn currency_of(unit: Unit) -> Option<Currency> {
    if let Unit::Money(currency) = unit { Some(currency) } else { None }
}

/// Money in its own unit, everything else as it is.
fn major(value: f64, unit: Unit) -> f64 {
    currency_of(unit).map_or(value, |currency| value / 10_f64.powi(i32::try_from(currency.digits()).unwrap_or(2)))
}

impl From<&kith_core::Figure> for Figure {
    fn from(figure: &kith_core::Figure) -> Self {
        let bound = |pick: fn(&kith_core::Interval) -> f64| figure.interval.as_ref().map(|i| major(pick(i), figure.unit));
        Self {
            value: figure.value.map(|value| major(value, figure.unit)),
            unit: unit_name(figure.unit).to_owned(),
            currency: currency_of(figure.unit).map(|currency| currency.code().to_owned()),
            low: bound(|i| i.low),
            high: bound(|i| i.high),
            level: figure.interval.map(|i| i.level),
            n: figure.n,
            claim: figure.claim.as_str().to_owned(),
            method: figure.method.clone(),
            as_of: figure.as_of,
            shown: measure::figure_text(figure),
        }
    }
}

/// The answer of a question: a table whose numbers are figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Answer {
    pub question: String,
    pub title: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Day>,
    /// The last day, inside.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Day>,
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// What a reader should know before believing it.
    pub notes: Vec<String>,
    /// How many rows there are, also those beyond the limit.
    pub all_rows: u64,
}

/// A column, with how its figures came about.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Column {
    pub key: String,
    pub title: String,
    /// text, day or figure.
    #[schema(example = "figure")]
    pub kind: String,
    /// Null where the figures under it are of several units: then each is read as it is shown.
    pub unit: Option<String>,
    /// Where all of its money is in one.
    pub currency: Option<String>,
    pub claim: Option<String>,
    /// Empty for a column of names.
    pub method: String,
}

/// One cell: a text, a day, a figure, or nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, ToSchema)]
pub struct Cell {
    pub text: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Day>,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: Option<u64>,
    pub currency: Option<String>,
    /// As a person reads it.
    pub shown: String,
}

impl Cell {
    fn of(cell: &measure::Cell, shown: String) -> Self {
        match cell {
            measure::Cell::Empty => Self::default(),
            measure::Cell::Text(text) => Self { text: Some(text.clone()), shown, ..Self::default() },
            measure::Cell::Day(day) => Self { day: Some(*day), shown, ..Self::default() },
            measure::Cell::Figure(figure) => {
                let figure = Figure::from(&**figure);
                let (n, currency) = (Some(figure.n), figure.currency);
                Self { value: figure.value, low: figure.low, high: figure.high, n, currency, shown, ..Self::default() }
            }
        }
    }
}

impl Answer {
    /// At most `limit` rows of an answer.
    pub fn of(answer: &measure::Answer, limit: usize) -> Self {
        let shown = answer.text_rows();
        let column = |(at, column): (usize, &measure::Column)| {
            let mut units = answer.rows.iter().filter_map(|row| match row.get(at) {
                Some(measure::Cell::Figure(figure)) => Some(figure.unit),
                _ => None,
            });
            let unit = units.next();
            let others: Vec<Unit> = units.collect();
            let one = unit.filter(|unit| others.iter().all(|other| other == unit));
            let named = unit.map(unit_name).filter(|name| others.iter().all(|other| unit_name(*other) == *name));
            let days = answer.rows.iter().any(|row| matches!(row.get(at), Some(measure::Cell::Day(_))));
            let kind = if column.claim.is_some() || unit.is_some() {
                "figure"
            } else if days {
                "day"
            } else {
                "text"
            };
            Column {
                key: column.key.to_owned(),
                title: column.title.clone(),
                kind: kind.to_owned(),
                unit: named.map(ToOwned::to_owned),
                currency: one.and_then(currency_of).map(|currency| currency.code().to_owned()),
                claim: column.claim.map(|claim: Claim| claim.as_str().to_owned()),
                method: column.method.clone(),
            }
        };
        let cells = |(row, shown): (&Vec<measure::Cell>, Vec<String>)| {
            row.iter().zip(shown).map(|(cell, shown)| Cell::of(cell, shown)).collect()
        };
        Self {
            question: answer.question.to_owned(),
            title: answer.title.clone(),
            from: answer.from,
            until: answer.until,
            as_of: answer.as_of,
            columns: answer.columns.iter().enumerate().map(column).collect(),
            rows: answer.rows.iter().zip(shown).take(limit).map(cells).collect(),
            notes: answer.notes.clone(),
            all_rows: answer.rows.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_core::Interval;

    fn figure(value: Option<f64>, unit: Unit) -> kith_core::Figure {
        let interval = value.map(|value| Interval { low: value - 100.0, high: value + 100.0, level: 0.95 });
        let as_of = Instant::EARLIEST;
        kith_core::Figure { value, unit, interval, n: 7, claim: Claim::Correlated, method: "m".into(), as_of }
    }

    #[test]
    fn money_leaves_the_house_in_its_own_unit_with_its_interval() {
        let shown = Figure::from(&figure(Some(123_450.0), Unit::Money(Currency::CNY)));
        assert_eq!((shown.value, shown.low, shown.high), (Some(1234.5), Some(1233.5), Some(1235.5)));
        assert_eq!((shown.currency.as_deref(), shown.unit.as_str(), shown.claim.as_str()), (Some("CNY"), "money", "correlated"));
        assert_eq!(Money::from(kith_core::Money::new(123_450, Currency::CNY)).shown, "CNY 1,234.50");
    }

    #[test]
    fn what_cannot_be_measured_is_null_and_a_dash() {
        let shown = Figure::from(&figure(None, Unit::Share));
        assert_eq!((shown.value, shown.shown.as_str()), (None, "–"));
    }

    #[test]
    fn a_column_says_what_kind_of_thing_stands_under_it() {
        let column = |key| measure::Column { key, title: key.to_owned(), method: String::new(), claim: None };
        let row = vec![
            measure::Cell::from("weibo"),
            measure::Cell::Day(Day::parse("2026-11-01").unwrap()),
            measure::Cell::from(figure(Some(300.0), Unit::Money(Currency::CNY))),
        ];
        let answer = measure::Answer {
            question: "q",
            title: "Q".into(),
            from: None,
            until: None,
            as_of: Instant::EARLIEST,
            columns: vec![column("medium"), column("day"), column("revenue")],
            rows: vec![row.clone(), row],
            notes: Vec::new(),
        };
        let told = Answer::of(&answer, 1);
        let kinds: Vec<&str> = told.columns.iter().map(|column| column.kind.as_str()).collect();
        assert_eq!(kinds, ["text", "day", "figure"]);
        assert_eq!((told.rows.len(), told.all_rows), (1, 2));
        assert_eq!(told.rows[0][2].value, Some(3.0));
        assert_eq!(told.columns[2].currency.as_deref(), Some("CNY"));
    }
}

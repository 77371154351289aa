//! An answer: a table whose numbers are figures, with the method and the claim of each column said once for people.

use kith_channels::file::csv_safe;
use kith_core::{Claim, Day, Figure, Instant, Interval, Unit};
use kith_lake::{PlainColumn, PlainValues};
use serde::Serialize;

/// The answer of a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    pub question: &'static str,
    pub title: String,
    pub from: Option<Day>,
    /// The last day, inside.
    pub until: Option<Day>,
    pub as_of: Instant,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// What a reader should know before believing it.
    pub notes: Vec<String>,
}

/// A column, with how its figures came about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    pub key: &'static str,
    pub title: String,
    /// Of the figures below; empty for a column of names.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    Empty,
    Text(String),
    Day(Day),
    Figure(Box<Figure>),
}

impl From<Figure> for Cell {
    fn from(figure: Figure) -> Self {
        Self::Figure(Box::new(figure))
    }
}

impl From<Option<Day>> for Cell {
    fn from(day: Option<Day>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Answer {
    /// Titles of the columns.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.title.clone()).collect()
    }

    /// The rows as people read them: money with its currency, shares in percent, intervals in brackets, a dash for what cannot be known.
    #[must_use]
    pub fn text_rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(|row| row.iter().map(text).collect()).collect()
    }

    /// The answer as CSV: of each figure its value, and its interval and n where it is an estimate. Money is in major units.
    #[must_use]
    pub fn csv(&self) -> String {
        let columns = self.flat();
        let mut out = String::new();
        line(&mut out, &columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
        for row in 0..self.rows.len() {
            line(&mut out, &columns.iter().map(|column| column.values[row].to_string()).collect::<Vec<_>>());
        }
        out
    }

    /// The same columns with their types, for Parquet: numbers are numbers, and none of their digits is left out.
    #[must_use]
    pub fn plain_columns(&self) -> Vec<PlainColumn> {
        self.flat().into_iter().map(FlatColumn::plain).collect()
    }

    /// The columns of a file: where a figure is an estimate, three more say in which range and from how many observations.
    fn flat(&self) -> Vec<FlatColumn> {
        let mut columns = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let cells = || self.rows.iter().map(|row| &row[at]);
            let mut push = |part: &str, values: Vec<Flat>| {
                let figures = !column.method.is_empty();
                columns.push(FlatColumn { name: format!("{}{part}", column.key), figures, values });
            };
            push("", cells().map(Flat::value).collect());
            if cells().any(|cell| interval(cell).is_some()) {
                push("_low", cells().map(|cell| Flat::bound(cell, |interval| interval.low)).collect());
                push("_high", cells().map(|cell| Flat::bound(cell, |interval| interval.high)).collect());
                push("_n", cells().map(Flat::observations).collect());
            }
        }
        columns
    }
}

fn interval(cell: &Cell) -> Option<Interval> {
    if let Cell::Figure(figure) = cell { figure.interval } else { None }
}

/// A column of a file.
struct FlatColumn {
    name: String,
    /// Numbers, even where there is no row that says so.
    figures: bool,
    values: Vec<Flat>,
}

/// A cell of a file.
enum Flat {
    Empty,
    Text(String),
    Day(Day),
    Count(u64),
    Number(f64, Unit),
}

impl Flat {
    fn value(cell: &Cell) -> Self {
        match cell {
            Cell::Empty => Self::Empty,
            Cell::Text(text) => Self::Text(text.clone()),
            Cell::Day(day) => Self::Day(*day),
            Cell::Figure(figure) => figure.value.map_or(Self::Empty, |value| Self::Number(value, figure.unit)),
        }
    }

    fn bound(cell: &Cell, pick: impl Fn(Interval) -> f64) -> Self {
        match cell {
            Cell::Figure(figure) => figure.interval.map_or(Self::Empty, |interval| Self::Number(pick(interval), figure.unit)),
            _ => Self::Empty,
        }
    }

    fn observations(cell: &Cell) -> Self {
        if let Cell::Figure(figure) = cell { Self::Count(figure.n) } else { Self::Empty }
    }
}

impl std::fmt::Display for Flat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Day(day) => day.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Number(value, unit) => f.write_str(&exact(*value, *unit)),
        }
    }
}

impl FlatColumn {
    /// The column with the one type that all its values have; text, where they have several.
    fn plain(self) -> PlainColumn {
        let Self { name, figures, values } = self;
        let all = |is: fn(&Flat) -> bool| values.iter().all(|value| matches!(value, Flat::Empty) || is(value));
        let nothing = all(|_| false);
        let values = if nothing && figures || !nothing && all(|value| matches!(value, Flat::Number(..))) {
            let number = |value| if let Flat::Number(value, unit) = value { Some(major(value, unit)) } else { None };
            PlainValues::Number(values.into_iter().map(number).collect())
        } else if !nothing && all(|value| matches!(value, Flat::Count(_))) {
            let count = |value| if let Flat::Count(count) = value { i64::try_from(count).ok() } else { None };
            PlainValues::Whole(values.into_iter().map(count).collect())
        } else if !nothing && all(|value| matches!(value, Flat::Day(_))) {
            PlainValues::Day(values.into_iter().map(|value| if let Flat::Day(day) = value { Some(day) } else { None }).collect())
        } else {
            let text = |value: Flat| if let Flat::Empty = value { None } else { Some(value.to_string()) };
            PlainValues::Text(values.into_iter().map(text).collect())
        };
        PlainColumn { name, values }
    }
}

fn line(out: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let cell = csv_safe(cell);
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push('\n');
}

/// Minor units become major ones; everything else stays.
fn major(value: f64, unit: Unit) -> f64 {
    match unit {
        Unit::Money(currency) => value / 10_f64.powi(currency.digits() as i32),
        _ => value,
    }
}

/// A value for machines: money to its last minor unit, other numbers with the digits that matter.
fn exact(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Money(currency) => {
            let text = format!("{:.*}", currency.digits() as usize, major(value, unit));
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
        _ => number(value),
    }
}

/// Whole numbers without a point, others with six digits that matter.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let digits = (5 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => day.to_string(),
        Cell::Figure(figure) => figure_text(figure),
    }
}

/// A figure as people read it, with its interval in brackets.
#[must_use]
pub fn figure_text(figure: &Figure) -> String {
    let Some(value) = figure.value else {
        return "–".to_owned();
    };
    let shown = shown(value, figure.unit);
    match figure.interval {
        Some(interval) => format!("{shown} [{}, {}]", bare(interval.low, figure.unit), bare(interval.high, figure.unit)),
        None => shown,
    }
}

/// A value as people read it; money is given in minor units.
#[must_use]
pub fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Money(currency) => format!("{currency} {}", bare(value, unit)),
        Unit::Share => format!("{}%", bare(value, unit)),
        _ => bare(value, unit),
    }
}

fn bare(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Money(currency) => grouped(major(value, unit), currency.digits() as usize),
        Unit::Share => format!("{:.1}", value * 100.0),
        Unit::Count | Unit::People => grouped(value, usize::from(value.fract() != 0.0)),
        Unit::Days | Unit::Hours => format!("{value:.1}"),
        Unit::Points | Unit::Ratio => format!("{value:.2}"),
    }
}

/// Thousands apart by commas.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |parts| parts);
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if decimals > 0 {
        out.push('.');
        out.push_str(fraction);
    }
    if value < 0.0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_core::Currency;

    fn figure(value: Option<f64>, unit: Unit, interval: Option<Interval>) -> Figure {
        Figure { value, unit, interval, n: 7, claim: Claim::Measured, method: String::new(), as_of: Instant::EARLIEST }
    }

    #[test]
    fn figures_are_written_as_people_read_them() {
        let money = Unit::Money(Currency::CNY);
        assert_eq!(text(&figure(Some(123_456_750.0), money, None).into()), "CNY 1,234,567.50");
        assert_eq!(text(&figure(Some(-5.0), money, None).into()), "CNY -0.05");
        let interval = Some(Interval { low: 0.1, high: 0.2, level: 0.95 });
        assert_eq!(text(&figure(Some(0.15), Unit::Share, interval).into()), "15.0% [10.0, 20.0]");
        assert_eq!(text(&figure(None, Unit::Share, None).into()), "–");
        assert_eq!(text(&figure(Some(12_345.0), Unit::Count, None).into()), "12,345");
    }

    fn answer() -> Answer {
        let column = |key, method: &str| Column { key, title: String::new(), method: method.to_owned(), claim: None };
        let interval = Some(Interval { low: 0.1, high: 0.2, level: 0.95 });
        let money = Unit::Money(Currency::CNY);
        Answer {
            question: "q",
            title: String::new(),
            from: None,
            until: None,
            as_of: Instant::EARLIEST,
            columns: vec![column("medium", ""), column("day", ""), column("rate", "a part"), column("money", "a sum")],
            rows: vec![
                vec![
                    "=x".into(),
                    Cell::Day(Day("2026-01-03".parse().unwrap())),
                    figure(Some(0.15), Unit::Share, interval).into(),
                    figure(Some(36_800_370.0), money, None).into(),
                ],
                vec![
                    "y".into(),
                    Cell::Empty,
                    figure(None, Unit::Share, None).into(),
                    figure(Some(1.0 / 3.0), money, None).into(),
                ],
            ],
            notes: Vec::new(),
        }
    }

    #[test]
    fn csv_has_the_interval_where_there_is_one_and_money_in_major_units() {
        let lines =
            ["medium,day,rate,rate_low,rate_high,rate_n,money", "'=x,2026-01-03,0.15,0.1,0.2,7,368003.7", "y,,,,,7,0", ""];
        assert_eq!(answer().csv(), lines.join("\n"));
    }

    #[test]
    fn plain_columns_are_those_of_the_csv_with_their_types_and_all_digits() {
        let columns = answer().plain_columns();
        let header = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(",");
        assert_eq!(header, answer().csv().lines().next().unwrap());
        let values: Vec<PlainValues> = columns.into_iter().map(|column| column.values).collect();
        assert_eq!(
            values,
            [
                // A file with types cannot run a formula: the text stays as it is.
                PlainValues::Text(vec![Some("=x".to_owned()), Some("y".to_owned())]),
                PlainValues::Day(vec![Some(Day("2026-01-03".parse().unwrap())), None]),
                PlainValues::Number(vec![Some(0.15), None]),
                PlainValues::Number(vec![Some(0.1), None]),
                PlainValues::Number(vec![Some(0.2), None]),
                PlainValues::Whole(vec![Some(7), Some(7)]),
                PlainValues::Number(vec![Some(368_003.7), Some(1.0 / 3.0 / 100.0)]),
            ]
        );
        let nothing = Answer { rows: Vec::new(), ..answer() }.plain_columns();
        let types: Vec<bool> = nothing.iter().map(|column| matches!(column.values, PlainValues::Number(_))).collect();
        assert_eq!(types, [false, false, true, true], "figures are numbers though there is none");
    }
}

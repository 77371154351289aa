//! An answer: a table whose numbers are figures, with the method and the claim of each column said once for people.

use kith_channels::file::csv_safe;
use kith_core::{Claim, Day, Figure, Instant, Unit};
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
        let estimated: Vec<bool> =
            (0..self.columns.len()).map(|at| self.rows.iter().any(|row| interval(&row[at]).is_some())).collect();
        let mut out = String::new();
        let mut header = Vec::new();
        for (column, estimated) in self.columns.iter().zip(&estimated) {
            header.push(column.key.to_owned());
            if *estimated {
                header.extend(["low", "high", "n"].map(|part| format!("{}_{part}", column.key)));
            }
        }
        line(&mut out, &header);
        for row in &self.rows {
            let mut cells = Vec::new();
            for (cell, estimated) in row.iter().zip(&estimated) {
                cells.push(plain(cell));
                if *estimated {
                    cells.extend(match cell {
                        Cell::Figure(figure) => {
                            let bound = |pick: fn(&kith_core::Interval) -> f64| {
                                figure.interval.as_ref().map(|interval| exact(pick(interval), figure.unit)).unwrap_or_default()
                            };
                            [bound(|i| i.low), bound(|i| i.high), figure.n.to_string()]
                        }
                        _ => Default::default(),
                    });
                }
            }
            line(&mut out, &cells);
        }
        out
    }
}

fn interval(cell: &Cell) -> Option<kith_core::Interval> {
    if let Cell::Figure(figure) = cell { figure.interval } else { None }
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

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => day.to_string(),
        Cell::Figure(figure) => figure.value.map(|value| exact(value, figure.unit)).unwrap_or_default(),
    }
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
    let figure = match cell {
        Cell::Empty => return String::new(),
        Cell::Text(text) => return text.clone(),
        Cell::Day(day) => return day.to_string(),
        Cell::Figure(figure) => figure,
    };
    let Some(value) = figure.value else {
        return "–".to_owned();
    };
    let shown = shown(value, figure.unit);
    match figure.interval {
        Some(interval) => format!("{shown} [{}, {}]", bare(interval.low, figure.unit), bare(interval.high, figure.unit)),
        None => shown,
    }
}

fn shown(value: f64, unit: Unit) -> String {
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
    use kith_core::{Currency, Interval};

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

    #[test]
    fn csv_has_the_interval_where_there_is_one_and_money_in_major_units() {
        let column = |key| Column { key, title: key.to_owned(), method: String::new(), claim: None };
        let interval = Some(Interval { low: 0.1, high: 0.2, level: 0.95 });
        let answer = Answer {
            question: "q",
            title: String::new(),
            from: None,
            until: None,
            as_of: Instant::EARLIEST,
            columns: vec![column("medium"), column("rate"), column("money")],
            rows: vec![vec![
                "=x".into(),
                figure(Some(0.15), Unit::Share, interval).into(),
                figure(Some(36_800_370.0), Unit::Money(Currency::CNY), None).into(),
            ]],
            notes: Vec::new(),
        };
        assert_eq!(answer.csv(), "medium,rate,rate_low,rate_high,rate_n,money\n'=x,0.15,0.1,0.2,7,368003.7\n");
    }
}

//! The one place where the engine's columns become Rust values, and its errors become ours.

use std::cell::RefCell;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use chrono::{NaiveDate, TimeDelta};
use datafusion::common::ScalarValue;
use datafusion::execution::context::SQLOptions;
use futures::StreamExt;
use kith_core::{Day, Instant};

use super::Session;
use super::tables::days_since_1970;
use crate::LakeError;
use crate::schema::instant_type;

/// What a question is asked with: `$name` in its SQL.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Instant(Instant),
    Day(Day),
    /// A text that is not given; compares with nothing.
    NoText,
    /// A number that is not given.
    NoInt,
    /// Several texts, for `array_has($names, column)`.
    Texts(Vec<String>),
    /// Several numbers, for `array_has($numbers, column)`.
    Ints(Vec<i64>),
}

impl Value {
    fn scalar(self) -> ScalarValue {
        match self {
            Self::Text(text) => ScalarValue::Utf8View(Some(text)),
            Self::Int(number) => ScalarValue::Int64(Some(number)),
            Self::Float(number) => ScalarValue::Float64(Some(number)),
            Self::Bool(truth) => ScalarValue::Boolean(Some(truth)),
            Self::Instant(at) => ScalarValue::TimestampMicrosecond(Some(at.micros()), Some("UTC".into())),
            Self::Day(day) => ScalarValue::Date32(Some(days_since_1970(day))),
            Self::NoText => ScalarValue::Utf8View(None),
            Self::NoInt => ScalarValue::Int64(None),
            Self::Texts(texts) => {
                let texts: Vec<ScalarValue> = texts.into_iter().map(|text| ScalarValue::Utf8View(Some(text))).collect();
                ScalarValue::List(ScalarValue::new_list(&texts, &DataType::Utf8View, true))
            }
            Self::Ints(numbers) => {
                let numbers: Vec<ScalarValue> = numbers.into_iter().map(|number| ScalarValue::Int64(Some(number))).collect();
                ScalarValue::List(ScalarValue::new_list(&numbers, &DataType::Int64, true))
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Instant> for Value {
    fn from(at: Instant) -> Self {
        Self::Instant(at)
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::NoText, Self::from)
    }
}

/// One row of an answer. A column that is missing, empty or of another type gives a zero here and an error from `ask`.
pub struct Row<'a> {
    batch: &'a RecordBatch,
    row: usize,
    fault: &'a RefCell<Option<String>>,
}

impl Row<'_> {
    #[must_use]
    pub fn text(&self, column: &str) -> String {
        self.needed(column, self.maybe_text(column))
    }

    /// How many: a whole number that is not negative.
    #[must_use]
    pub fn count(&self, column: &str) -> u64 {
        let count = self.needed(column, self.maybe_integer(column));
        u64::try_from(count).unwrap_or_else(|_| self.faulty(column, "is a negative count"))
    }

    #[must_use]
    pub fn integer(&self, column: &str) -> i64 {
        self.needed(column, self.maybe_integer(column))
    }

    #[must_use]
    pub fn number(&self, column: &str) -> f64 {
        self.needed(column, self.maybe_number(column))
    }

    #[must_use]
    pub fn truth(&self, column: &str) -> bool {
        self.needed(column, self.get(column, |array, row| array.as_boolean_opt().map(|array| array.value(row))))
    }

    /// Never empty; see [`Row::maybe_instant`].
    #[must_use]
    pub fn instant(&self, column: &str) -> Instant {
        self.maybe_instant(column).unwrap_or_else(|| {
            self.faulty::<bool>(column, "is empty");
            Instant::EARLIEST
        })
    }

    #[must_use]
    pub fn day(&self, column: &str) -> Day {
        self.maybe_day(column).unwrap_or_else(|| {
            self.faulty::<bool>(column, "is empty");
            Day(NaiveDate::default())
        })
    }

    #[must_use]
    pub fn maybe_text(&self, column: &str) -> Option<String> {
        self.get(column, |array, row| array.as_string_opt::<i32>().map(|array| array.value(row).to_owned()))
    }

    #[must_use]
    pub fn maybe_count(&self, column: &str) -> Option<u64> {
        self.maybe_integer(column).and_then(|count| u64::try_from(count).ok())
    }

    #[must_use]
    pub fn maybe_integer(&self, column: &str) -> Option<i64> {
        self.get(column, |array, row| array.as_primitive_opt::<Int64Type>().map(|array| array.value(row)))
    }

    /// Any number, whole ones too.
    #[must_use]
    pub fn maybe_number(&self, column: &str) -> Option<f64> {
        self.get(column, |array, row| match array.as_primitive_opt::<Int64Type>() {
            Some(array) => Some(array.value(row) as f64),
            None => array.as_primitive_opt::<Float64Type>().map(|array| array.value(row)),
        })
    }

    #[must_use]
    pub fn maybe_instant(&self, column: &str) -> Option<Instant> {
        let micros =
            self.get(column, |array, row| array.as_primitive_opt::<TimestampMicrosecondType>().map(|array| array.value(row)))?;
        Instant::from_micros(micros).ok()
    }

    #[must_use]
    pub fn maybe_day(&self, column: &str) -> Option<Day> {
        let days = self.get(column, |array, row| array.as_primitive_opt::<Date32Type>().map(|array| array.value(row)))?;
        NaiveDate::default().checked_add_signed(TimeDelta::days(i64::from(days))).map(Day)
    }

    /// Two lists of whole numbers that belong together, one pair after the other.
    pub(crate) fn integer_pairs(&self, one: &str, other: &str, pairs: &mut Vec<(i64, i64)>) {
        let list = |column: &str| {
            let list = self.get(column, |array, row| array.as_list_opt::<i32>().map(|lists| lists.value(row)))?;
            Some(list.as_primitive_opt::<Int64Type>()?.clone())
        };
        match (list(one), list(other)) {
            (Some(one), Some(other)) => pairs.extend(one.values().iter().copied().zip(other.values().iter().copied())),
            _ => {
                self.faulty::<bool>(one, "is no list of whole numbers");
            }
        }
    }

    fn get<T>(&self, column: &str, value: impl Fn(&dyn Array, usize) -> Option<T>) -> Option<T> {
        let Some(array) = self.batch.column_by_name(column) else {
            self.faulty::<bool>(column, "is missing");
            return None;
        };
        if array.is_null(self.row) || *array.data_type() == DataType::Null {
            return None;
        }
        let value = value(array, self.row);
        if value.is_none() {
            self.faulty::<bool>(column, &format!("is of the type {}", array.data_type()));
        }
        value
    }

    fn needed<T: Default>(&self, column: &str, value: Option<T>) -> T {
        value.unwrap_or_else(|| self.faulty(column, "is empty"))
    }

    fn faulty<T: Default>(&self, column: &str, why: &str) -> T {
        self.fault.borrow_mut().get_or_insert_with(|| format!("its column `{column}` {why}"));
        T::default()
    }
}

impl Session {
    /// Asks one SQL text, `what` being its name for people, and makes a value of each row of the answer.
    ///
    /// The order of rows is that of the text's ORDER BY.
    pub async fn ask<T>(
        &self,
        what: &str,
        sql: &str,
        values: Vec<(&str, Value)>,
        mut of_row: impl FnMut(&Row<'_>) -> T,
    ) -> Result<Vec<T>, LakeError> {
        let engine = |source| self.failed(what, source);
        let frame = self.context.sql_with_options(sql, only_reading()).await.map_err(engine)?;
        let frame = frame.with_param_values(scalars(values)).map_err(engine)?;
        let mut stream = frame.execute_stream().await.map_err(engine)?;
        let fault = RefCell::new(None);
        let mut rows = Vec::new();
        while let Some(batch) = stream.next().await {
            let batch = few_types(&batch.map_err(engine)?).map_err(|error| engine(error.into()))?;
            for row in 0..batch.num_rows() {
                rows.push(of_row(&Row { batch: &batch, row, fault: &fault }));
                if let Some(why) = fault.take() {
                    return Err(LakeError::Answer { what: what.to_owned(), why });
                }
            }
        }
        Ok(rows)
    }
}

/// Values as the engine wants them.
pub(super) fn scalars(values: Vec<(&str, Value)>) -> Vec<(String, ScalarValue)> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value.scalar())).collect()
}

/// A question changes nothing.
pub(crate) fn only_reading() -> SQLOptions {
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false)
}

/// Brings the engine's many types to the few that a row knows.
fn few_types(batch: &RecordBatch) -> Result<RecordBatch, arrow::error::ArrowError> {
    use DataType::{
        Date32, Date64, Decimal128, Decimal256, Dictionary, Float16, Float32, Float64, Int8, Int16, Int32, Int64, LargeUtf8,
        Timestamp, UInt8, UInt16, UInt32, UInt64, Utf8, Utf8View,
    };
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
        let to = match column.data_type() {
            LargeUtf8 | Utf8View | Dictionary(_, _) => Utf8,
            Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32 | UInt64 => Int64,
            Float16 | Float32 | Decimal128(_, _) | Decimal256(_, _) => Float64,
            Date64 => Date32,
            Timestamp(_, _) => instant_type(),
            same => same.clone(),
        };
        let column = if to == *column.data_type() { column.clone() } else { cast(column, &to)? };
        Ok((field.name().clone(), column, true))
    });
    let columns: Vec<_> = columns.collect::<Result<_, arrow::error::ArrowError>>()?;
    if columns.is_empty() {
        return Ok(batch.clone());
    }
    RecordBatch::try_from_iter_with_nullable(columns)
}

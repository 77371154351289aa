//! SQL of an analyst: read only, one statement, a table of cells back.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType, UInt64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::DataFrame;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::ast;
use futures::StreamExt;
use kith_core::Instant;

use super::Session;
use super::ask::only_reading;
use crate::LakeError;

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Whole(i64),
    Number(f64),
    Truth(bool),
    Instant(Instant),
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Whole(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Truth(truth) => truth.fmt(f),
            Self::Instant(at) => at.fmt(f),
        }
    }
}

/// An answer as a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name and type (`text`, `whole`, `number`, `truth`, `instant`, `day` or the engine's own name).
    pub columns: Vec<(String, String)>,
    pub rows: Vec<Vec<Cell>>,
    /// Were there more rows than asked for?
    pub cut: bool,
}

impl Session {
    /// Runs one SELECT, WITH, EXPLAIN, SHOW or DESCRIBE; at most `limit` rows come back.
    pub async fn sql(&self, text: &str, limit: Option<usize>) -> Result<Sheet, LakeError> {
        let engine = |source| self.failed("the answer", source);
        let frame = self.read_only(text).await?;
        let mut sheet = Sheet::default();
        for field in frame.schema().fields() {
            sheet.columns.push((field.name().clone(), type_name(field.data_type())));
        }
        let limit = limit.unwrap_or(usize::MAX);
        let mut stream = frame.execute_stream().await.map_err(engine)?;
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(engine)?;
            let cells = Cells::new(&batch)?;
            for row in 0..batch.num_rows() {
                if sheet.rows.len() == limit {
                    sheet.cut = true;
                    return Ok(sheet);
                }
                sheet.rows.push(cells.row(row)?);
            }
        }
        Ok(sheet)
    }

    /// A plan for a text that can only read.
    pub(crate) async fn read_only(&self, text: &str) -> Result<DataFrame, LakeError> {
        let statements = DFParser::parse_sql(text).map_err(|error| LakeError::Sql(error.strip_backtrace()))?;
        if statements.len() != 1 {
            return Err(LakeError::Refused(format!("{} statements were given", statements.len())));
        }
        if let Some(statement) = statements.front().filter(|statement| !reads(statement)) {
            let first: String = statement.to_string().split_whitespace().take(2).collect::<Vec<_>>().join(" ");
            return Err(LakeError::Refused(format!("it does not run `{first}`")));
        }
        let engine = |source: datafusion::common::DataFusionError| LakeError::query("the answer", source);
        self.context.sql_with_options(text, only_reading()).await.map_err(engine)
    }
}

fn reads(statement: &Statement) -> bool {
    use ast::Statement::{Explain, ExplainTable, Query, ShowColumns, ShowTables, ShowVariable};
    match statement {
        Statement::Statement(statement) => {
            matches!(
                &**statement,
                Query(_) | Explain { .. } | ExplainTable { .. } | ShowColumns { .. } | ShowTables { .. } | ShowVariable { .. }
            )
        }
        Statement::Explain(explain) => reads(&explain.statement),
        _ => false,
    }
}

fn type_name(kind: &DataType) -> String {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(_, _) => "text",
        kind if kind.is_integer() => "whole",
        kind if kind.is_numeric() => "number",
        DataType::Boolean => "truth",
        DataType::Timestamp(_, _) => "instant",
        DataType::Date32 | DataType::Date64 => "day",
        other => return other.to_string(),
    }
    .to_owned()
}

/// The columns of a batch, ready to be read cell by cell.
pub(crate) struct Cells<'a>(Vec<(&'a dyn Array, ArrayFormatter<'a>)>);

const FORMAT: FormatOptions<'static> = FormatOptions::new();

impl<'a> Cells<'a> {
    pub(crate) fn new(batch: &'a RecordBatch) -> Result<Self, LakeError> {
        let columns = batch.columns().iter().map(|column| Ok((column.as_ref(), ArrayFormatter::try_new(column, &FORMAT)?)));
        let columns: Result<_, arrow::error::ArrowError> = columns.collect();
        columns.map(Self).map_err(|error| LakeError::query("the answer", error.into()))
    }

    pub(crate) fn row(&self, row: usize) -> Result<Vec<Cell>, LakeError> {
        self.0.iter().map(|(array, shown)| cell(*array, shown, row)).collect()
    }
}

fn cell(array: &dyn Array, shown: &ArrayFormatter<'_>, row: usize) -> Result<Cell, LakeError> {
    if array.is_null(row) {
        return Ok(Cell::Empty);
    }
    Ok(match array.data_type() {
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row).to_owned()),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::Int64 => Cell::Whole(array.as_primitive::<Int64Type>().value(row)),
        DataType::UInt64 => {
            let number = array.as_primitive::<UInt64Type>().value(row);
            i64::try_from(number).map_or(Cell::Number(number as f64), Cell::Whole)
        }
        DataType::Float64 => Cell::Number(array.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => Cell::Truth(array.as_boolean().value(row)),
        kind if *kind == crate::schema::instant_type() => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(row);
            Instant::from_micros(micros).map_or_else(|_| Cell::Text(shown.value(row).to_string()), Cell::Instant)
        }
        _ => {
            let shown = shown.value(row).try_to_string();
            Cell::Text(shown.map_err(|error| LakeError::query("the answer", error.into()))?)
        }
    })
}

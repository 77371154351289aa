//! Workbooks (xlsx): each sheet with data is a table; dates become ISO text, formulas their values, faults their text (`#N/A`).
//!
//! A sheet is read as a stream by a thread of its own, because the reader of cells borrows the workbook. Opening reads the
//! first rows only; the texts that all sheets share are in memory.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use chrono::{NaiveDateTime, Timelike};

use super::header::find_head;
use super::open::{FileError, OpenOptions};
use super::row::Chunk;
use super::table::{Facts, Meter, Rows, Table};
use super::unpack::{self, Counted};

/// The columns of a sheet, at most (Excel's own limit).
const COLUMNS: u32 = 16_384;
const SAMPLE_ROWS: usize = 300;
/// Blank rows in a row that are kept as rows; more begin a new chunk.
const GAP: u64 = 64;

pub(super) trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// A zip archive that can be opened again and again.
#[derive(Debug, Clone)]
pub(super) enum Book {
    File(PathBuf),
    Memory(Arc<[u8]>),
}

impl Book {
    pub(super) fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(match self {
            Self::File(path) => Box::new(io::BufReader::with_capacity(1 << 16, File::open(path)?)),
            Self::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}

/// Which rows of which sheet a table has.
#[derive(Clone)]
struct Plan {
    name: String,
    book: Book,
    sheet: String,
    width: usize,
    /// The first row, counted from 1.
    first_row: u64,
    chunk_bytes: usize,
    meter: Meter,
}

/// Opens the sheets that have data.
pub(super) fn open(
    name: String,
    book: Book,
    meter: Meter,
    compression: &'static str,
    options: &OpenOptions,
) -> Result<Vec<Table>, FileError> {
    unpack::weigh(&book, &name, &options.limits)?;
    let fault = |reason: String| FileError::Workbook { name: name.clone(), reason };
    // In a thread, so that a fault in the library that reads workbooks cannot end more than this import.
    let look = || std::thread::scope(|scope| scope.spawn(|| first_rows(&name, &book, options)).join());
    let sheets = look().map_err(|_| fault("its parts do not fit together".into()))??;
    if let Some(wanted) = &options.sheet
        && !sheets.iter().any(|(sheet, _, _)| sheet == wanted)
    {
        let sheets = sheets.iter().map(|(sheet, _, _)| format!("`{sheet}`")).collect::<Vec<_>>().join(", ");
        return Err(FileError::NoSuchSheet { name, sheet: wanted.clone(), sheets });
    }
    let tables: Vec<Table> = sheets
        .into_iter()
        .filter(|(sheet, _, _)| options.sheet.as_ref().is_none_or(|wanted| wanted == sheet))
        .map(|(sheet, base, rows)| table(&name, &book, sheet, base, rows, &meter, compression, options))
        .collect();
    if tables.is_empty() { Err(FileError::Empty { name }) } else { Ok(tables) }
}

#[allow(clippy::too_many_arguments)] // Every one is a plain fact about one table, and there is one caller.
fn table(
    name: &str,
    book: &Book,
    sheet: String,
    base: u64,
    mut rows: Vec<Vec<String>>,
    meter: &Meter,
    compression: &'static str,
    options: &OpenOptions,
) -> Table {
    let mut head = find_head(&rows, options.header);
    if !head.header {
        // Rows of a sheet end with their last cell: without a header the longest says how many columns there are.
        let width = rows.iter().map(Vec::len).max().unwrap_or(1);
        rows.iter_mut().for_each(|row| row.resize(width, String::new()));
        head = find_head(&rows, Some(false));
    }
    let first_row = base + head.skipped as u64 + u64::from(head.header);
    let skipped_rows = first_row - 1 - u64::from(head.header);
    let facts = Facts { encoding: "UTF-8".into(), delimiter: None, compression, header: head.header, skipped_rows };
    let (width, meter) = (head.columns.len(), meter.afresh());
    let plan = Plan {
        name: name.to_owned(),
        book: book.clone(),
        sheet,
        width,
        first_row,
        chunk_bytes: options.chunk_bytes,
        meter: meter.clone(),
    };
    let title = format!("{name}/{}", plan.sheet);
    Table::new(title, head.columns, facts, Rows::Other(Box::new(SheetRows::Waiting(plan))), meter)
}

type FirstRows = (String, u64, Vec<Vec<String>>);

/// The first rows of every sheet that has any, with the number of the first.
fn first_rows(name: &str, book: &Book, options: &OpenOptions) -> Result<Vec<FirstRows>, FileError> {
    let failed = |error: XlsxError| workbook_fault(name, &error);
    let file = book.open().map_err(|source| FileError::Io { name: name.to_owned(), source })?;
    let mut workbook = Xlsx::new(file).map_err(failed)?;
    let mut sheets = Vec::new();
    for sheet in workbook.sheet_names() {
        let (mut base, mut rows) = (0, Vec::new());
        let read = each_row(&mut workbook, &sheet, |number, cells| {
            if rows.is_empty() {
                base = number;
            }
            let place = (number - base) as usize;
            if place < SAMPLE_ROWS {
                rows.resize(place, Vec::new());
                rows.push(cells);
            }
            if place < SAMPLE_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        match read {
            // A sheet of charts.
            Err(XlsxError::NotAWorksheet(_)) => {}
            // The others are no affair of who wants one sheet.
            Err(_) if options.sheet.as_ref().is_some_and(|wanted| *wanted != sheet) => {}
            Err(error) => return Err(failed(error)),
            Ok(()) if rows.is_empty() => {}
            Ok(()) => sheets.push((sheet, base, rows)),
        }
    }
    Ok(sheets)
}

/// Gives every row with a filled cell: its number, counted from 1, and its cells from column A to the last filled one.
fn each_row<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
    mut take: impl FnMut(u64, Vec<String>) -> ControlFlow<()>,
) -> Result<(), XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(sheet)?;
    let (mut current, mut cells): (u32, Vec<String>) = (0, Vec::new());
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        if column >= COLUMNS || row < current {
            return Err(XlsxError::Unexpected("its rows or columns are out of order"));
        }
        let text = cell_text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if row > current {
            let done = std::mem::take(&mut cells);
            if !done.is_empty() && take(u64::from(current) + 1, done).is_break() {
                return Ok(());
            }
            current = row;
        }
        let place = column as usize;
        if cells.len() <= place {
            cells.resize(place + 1, String::new());
        }
        cells[place] = text;
    }
    if !cells.is_empty() {
        let _ = take(u64::from(current) + 1, cells);
    }
    Ok(())
}

/// The chunks of one sheet. The thread starts when the first is asked for.
enum SheetRows {
    Waiting(Plan),
    Reading(String, Receiver<Result<Option<Chunk>, FileError>>),
    Done,
}

impl Iterator for SheetRows {
    type Item = Result<Chunk, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Self::Waiting(plan) = self {
            let (plan, (sender, receiver)) = (plan.clone(), sync_channel(2));
            let name = plan.name.clone();
            let started = std::thread::Builder::new().name("sheet".into()).spawn(move || {
                let last = plan.send_all(&sender).map(|()| None);
                let _ = sender.send(last);
            });
            if let Err(source) = started {
                *self = Self::Done;
                return Some(Err(FileError::Io { name, source }));
            }
            *self = Self::Reading(name, receiver);
        }
        let Self::Reading(name, receiver) = self else { return None };
        let next = match receiver.recv() {
            Ok(next) => next.transpose(),
            // The thread ended without a last word.
            Err(_) => {
                Some(Err(FileError::Workbook { name: std::mem::take(name), reason: "its parts do not fit together".into() }))
            }
        };
        if !matches!(next, Some(Ok(_))) {
            *self = Self::Done;
        }
        next
    }
}

impl Plan {
    fn send_all(&self, sender: &SyncSender<Result<Option<Chunk>, FileError>>) -> Result<(), FileError> {
        let failed = |error: XlsxError| workbook_fault(&self.name, &error);
        let file = self.book.open().map_err(|source| FileError::Io { name: self.name.clone(), source })?;
        let mut workbook = Xlsx::new(Counted { inner: file, count: self.meter.count() }).map_err(failed)?;
        let (mut first, mut rows, mut bytes) = (self.first_row, Vec::new(), 0);
        let send = |first: u64, rows: Vec<Vec<String>>| {
            let chunk = Chunk::cells(first, self.width, rows);
            // Nobody listens: the table was dropped.
            if sender.send(Ok(Some(chunk))).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        each_row(&mut workbook, &self.sheet, |number, cells| {
            if number < self.first_row {
                return ControlFlow::Continue(());
            }
            let next = first + rows.len() as u64;
            if bytes >= self.chunk_bytes || number > next + GAP {
                if !rows.is_empty() {
                    send(first, std::mem::take(&mut rows))?;
                }
                (first, bytes) = (number, 0);
            } else {
                rows.resize((number - first) as usize, Vec::new());
            }
            bytes += cells.iter().map(|cell| cell.len() + size_of::<String>()).sum::<usize>();
            rows.push(cells);
            ControlFlow::Continue(())
        })
        .map_err(failed)?;
        if !rows.is_empty() {
            let _ = send(first, rows);
        }
        Ok(())
    }
}

fn workbook_fault(name: &str, error: &XlsxError) -> FileError {
    match error {
        XlsxError::Password => FileError::Encrypted { name: name.to_owned() },
        other => FileError::Workbook { name: name.to_owned(), reason: other.to_string() },
    }
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(at) if at.is_duration() => at.as_duration().map_or_else(String::new, |length| {
            let seconds = (length.num_milliseconds() + 500).div_euclid(1000);
            format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, (seconds % 60).abs())
        }),
        DataRef::DateTime(at) => at.as_datetime().map_or_else(String::new, |wall| date_text(at.as_f64(), wall)),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Fifteen digits, as spreadsheets show them, so that 19.99 does not become 19.990000000000002.
fn number_text(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A day, a day with a clock, or (below one day) a clock alone.
fn date_text(serial: f64, wall: NaiveDateTime) -> String {
    let millis = wall.nanosecond() / 1_000_000;
    // Fractions of a day miss a whole second by a hair.
    let wall = match millis {
        999 => wall + chrono::TimeDelta::milliseconds(1),
        1 => wall - chrono::TimeDelta::milliseconds(1),
        _ => wall,
    };
    let format = match (serial < 1.0, wall.nanosecond() == 0, wall.num_seconds_from_midnight()) {
        (true, _, _) => "%H:%M:%S",
        (false, true, 0) => "%Y-%m-%d",
        (false, true, _) => "%Y-%m-%d %H:%M:%S",
        (false, false, _) => "%Y-%m-%d %H:%M:%S%.3f",
    };
    wall.format(format).to_string()
}

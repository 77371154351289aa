//! Rows of a table, in chunks that several threads can read at once.
//!
//! A reader cuts a file into chunks of whole rows; whoever has a chunk walks over its rows without asking anybody. So the
//! costly part (splitting cells, reading values) runs on every core, whatever the file is.

use std::sync::Arc;

use kith_core::Refusal;

use super::json_lines::{Keys, RowError};
use super::refused_file::{self, REFUSED_COLUMNS};
use super::split::{Split, line_at};

/// Some whole rows of one table, in the order of the file.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The number of the first row as a person counts it: the header is row 1 where there is one.
    first_row: u64,
    width: usize,
    /// Columns of our own that stand first, in a file of refused rows; else none.
    ours: usize,
    body: Body,
}

/// A row that does not have the shape of its table, with its cells as they stand; a line that cannot be taken apart is one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    pub refusal: Refusal,
    pub cells: Vec<String>,
}

#[derive(Debug, Clone)]
enum Body {
    /// Rows of delimited text in UTF-8, cut at row ends.
    Delimited { text: String, delimiter: u8 },
    /// Lines with runs of spaces between the cells.
    Spaced { text: String },
    /// JSON objects, one a line.
    Json { text: String, keys: Arc<Keys> },
    /// Rows that a reader had to take apart anyway (spreadsheets, Parquet).
    Cells(Vec<Vec<String>>),
}

/// One row. Cells are text as the file has it; a cell beyond the end of its row is empty.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub number: u64,
    ours: usize,
    cells: Cells<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Cells<'a> {
    Split(&'a str, &'a Split),
    Parsed(&'a [String]),
}

impl<'a> Row<'a> {
    #[must_use]
    pub fn cell(&self, column: usize) -> &'a str {
        let cell = self.raw(self.ours + column);
        if self.ours == 0 { cell } else { refused_file::bare(cell) }
    }

    fn raw(&self, place: usize) -> &'a str {
        match self.cells {
            Cells::Split(text, split) => split.get(text, place).unwrap_or(""),
            Cells::Parsed(cells) => cells.get(place).map_or("", String::as_str),
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        let all = match self.cells {
            Cells::Split(_, split) => split.len(),
            Cells::Parsed(cells) => cells.len(),
        };
        all.saturating_sub(self.ours)
    }

    /// Why it was refused, in a file of refused rows.
    #[must_use]
    pub fn refused_because(&self) -> Option<&'a str> {
        (self.ours > 0).then(|| refused_file::bare(self.raw(self.ours - 1)))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        (0..self.len()).all(|column| self.cell(column).trim().is_empty())
    }
}

impl Chunk {
    /// Whole rows of delimited text (quotes as in RFC 4180) of a table of `width` columns.
    #[must_use]
    pub const fn delimited(first_row: u64, width: usize, text: String, delimiter: u8) -> Self {
        Self { first_row, width, ours: 0, body: Body::Delimited { text, delimiter } }
    }

    /// Whole lines whose cells stand apart by runs of spaces.
    #[must_use]
    pub const fn spaced(first_row: u64, width: usize, text: String) -> Self {
        Self { first_row, width, ours: 0, body: Body::Spaced { text } }
    }

    /// Whole lines, each a JSON object.
    pub(super) const fn json(first_row: u64, width: usize, text: String, keys: Arc<Keys>) -> Self {
        Self { first_row, width, ours: 0, body: Body::Json { text, keys } }
    }

    /// The number of its first row.
    #[must_use]
    pub const fn first_row(&self) -> u64 {
        self.first_row
    }

    /// Rows already taken apart; short rows are filled with empty cells.
    #[must_use]
    pub const fn cells(first_row: u64, width: usize, rows: Vec<Vec<String>>) -> Self {
        Self { first_row, width, ours: 0, body: Body::Cells(rows) }
    }

    /// The same rows as those of a file of refused rows, whose original had `width` columns.
    pub(super) fn of_refused(mut self, width: usize) -> Self {
        self.ours = REFUSED_COLUMNS.len();
        self.width = width;
        self
    }

    /// Walks over the rows. Blank rows are passed over but counted; a row with more cells than the table has columns, or a
    /// delimited row with fewer, is refused, because nobody can say which cell is which.
    pub fn each(&self, mut take: impl FnMut(Result<Row<'_>, Misfit>)) {
        match &self.body {
            Body::Cells(rows) => {
                for (number, cells) in (self.first_row..).zip(rows) {
                    let row = Row { number, ours: self.ours, cells: Cells::Parsed(cells) };
                    if row.is_empty() {
                        continue;
                    }
                    take(if self.length(&row) > self.width { Err(self.ragged(&row)) } else { Ok(row) });
                }
            }
            Body::Delimited { text, delimiter } => self.each_text(text, |split, at| split.row(text, at, *delimiter), take),
            Body::Spaced { text } => self.each_text(text, |split, at| split.spaced_row(text, at), take),
            Body::Json { text, keys } => self.each_object(text, keys, take),
        }
    }

    fn each_text<'a>(
        &'a self,
        text: &'a str,
        mut next: impl FnMut(&mut Split, usize) -> usize,
        mut take: impl FnMut(Result<Row<'_>, Misfit>),
    ) {
        let mut split = Split::default();
        let (mut number, mut at) = (self.first_row, 0);
        while at < text.len() {
            at = next(&mut split, at);
            let row = Row { number, ours: self.ours, cells: Cells::Split(text, &split) };
            number += 1;
            let length = self.length(&row);
            // A row of delimiters alone is a row of empty cells only if it has the right number of them.
            if length != self.width && row.is_empty() {
                continue;
            }
            take(if length == self.width { Ok(row) } else { Err(self.ragged(&row)) });
        }
    }

    fn each_object(&self, text: &str, keys: &Keys, mut take: impl FnMut(Result<Row<'_>, Misfit>)) {
        let mut cells = Vec::with_capacity(self.width);
        let (mut next, mut at) = (self.first_row, 0);
        while at < text.len() {
            let (line, after) = line_at(text, at);
            let number = next;
            (at, next) = (after, next + 1);
            if line.trim().is_empty() {
                continue;
            }
            match keys.row(line, &mut cells) {
                Ok(()) => take(Ok(Row { number, ours: self.ours, cells: Cells::Parsed(&cells) })),
                Err(RowError { column, reason }) => {
                    let refusal = Refusal { row: number, column, value: line.chars().take(200).collect(), reason };
                    take(Err(Misfit { refusal, cells: vec![line.to_owned()] }));
                }
            }
        }
    }

    /// How many cells a row has. A spreadsheet fills up all rows of a file to the length of its longest: in a file of refused rows,
    /// which may hold longer ones than it has columns, empty cells at the end are none.
    fn length(&self, row: &Row<'_>) -> usize {
        let mut length = row.len();
        while self.ours > 0 && length > self.width && row.cell(length - 1).trim().is_empty() {
            length -= 1;
        }
        length
    }

    fn ragged(&self, row: &Row<'_>) -> Misfit {
        let length = self.length(row);
        let cells: Vec<String> = (0..length).map(|i| row.cell(i).to_owned()).collect();
        let value: String = cells.join(" | ").chars().take(200).collect();
        let reason =
            format!("the row has {length} cells where the header has {}: is a quote or a separator missing?", self.width);
        Misfit { refusal: Refusal { row: row.number, column: String::new(), value, reason }, cells }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(chunk: &Chunk) -> Vec<(u64, Result<Vec<String>, String>)> {
        let mut seen = Vec::new();
        chunk.each(|row| {
            seen.push(match row {
                Ok(row) => (row.number, Ok((0..row.len()).map(|i| row.cell(i).to_owned()).collect())),
                Err(Misfit { refusal, .. }) => (refusal.row, Err(refusal.reason)),
            });
        });
        seen
    }

    #[test]
    fn a_quoted_newline_does_not_end_a_row() {
        let chunk = Chunk::delimited(2, 2, "a,\"b\nc\"\r\nd,e\n".into(), b',');
        let rows = walk(&chunk);
        assert_eq!(rows[0], (2, Ok(vec!["a".into(), "b\nc".into()])));
        assert_eq!(rows[1].0, 3);
    }

    #[test]
    fn a_blank_line_is_no_row_but_counts() {
        for text in ["a,b\n\n\nc,d\n", "a,b\r\n\r\n\r\nc,d\r\n"] {
            let chunk = Chunk::delimited(2, 2, text.into(), b',');
            assert_eq!(walk(&chunk).iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 5], "{text:?}");
        }
    }

    #[test]
    fn a_ragged_row_is_refused_and_the_next_is_read() {
        let chunk = Chunk::delimited(2, 2, "a,b,c\nd\ne,f\n".into(), b',');
        let rows = walk(&chunk);
        assert!(rows[0].1.is_err() && rows[1].1.is_err());
        assert_eq!(rows[2], (4, Ok(vec!["e".into(), "f".into()])));
    }

    #[test]
    fn a_row_of_another_length_keeps_its_cells() {
        let mut cells = Vec::new();
        Chunk::delimited(2, 2, "a,\"b,c\",d\ne\n".into(), b',').each(|row| cells.push(row.unwrap_err().cells));
        assert_eq!(cells, [vec!["a", "b,c", "d"], vec!["e"]]);
    }

    #[test]
    fn in_a_file_of_refused_rows_our_columns_and_the_filling_of_a_spreadsheet_are_passed_over() {
        let text = "7,,why,a,'=b,,\n8,,why,a,b,c,\n9,,why,a,,,\n9,,why,a\n";
        let chunk = Chunk::delimited(2, 6, text.into(), b',').of_refused(2);
        let rows = walk(&chunk);
        assert_eq!(rows[0], (2, Ok(vec!["a".into(), "=b".into(), String::new(), String::new()])));
        assert!(rows[1].1.is_err() && rows[3].1.is_err(), "{rows:?}");
        assert_eq!(rows[2].0, 4);
        chunk.each(|row| {
            if let Ok(row) = row {
                assert_eq!(row.refused_because(), Some("why"));
            }
        });
    }

    #[test]
    fn lone_carriage_returns_end_rows_and_blank_ones_count() {
        let chunk = Chunk::delimited(2, 2, "a,b\r\rc,d\r\n\r\ne,f".into(), b',');
        assert_eq!(walk(&chunk).iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 4, 6]);
    }

    #[test]
    fn a_short_row_of_a_spreadsheet_ends_in_empty_cells() {
        let chunk = Chunk::cells(5, 3, vec![vec!["a".into()], vec![], vec!["b".into(); 4]]);
        let rows = walk(&chunk);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0], (5, Ok(vec!["a".into()])));
        assert!(rows[1].1.is_err());
    }
}

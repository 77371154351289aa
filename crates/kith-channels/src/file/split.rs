//! Where rows and cells of delimited text end: RFC 4180, read as the csv crate reads it.
//!
//! A quote means something only at the start of a cell; inside a quoted cell two quotes are one; what follows the closing
//! quote belongs to the cell as it stands. LF, CRLF and a lone CR end a row. A row without any byte is blank.

use memchr::{memchr, memchr_iter, memchr3, memrchr};

/// The cells of one row. Kept from row to row so that nothing is allocated for each.
#[derive(Debug, Default)]
pub(super) struct Split {
    spans: Vec<Span>,
    /// Cells that had to be put together: those with doubled quotes.
    made: String,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    made: bool,
}

impl Split {
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// A cell of the row that was split last from `text`.
    pub(super) fn get<'a>(&'a self, text: &'a str, cell: usize) -> Option<&'a str> {
        let span = self.spans.get(cell)?;
        let source = if span.made { &self.made } else { text };
        source.get(span.start..span.end)
    }

    pub(super) fn to_vec(&self, text: &str) -> Vec<String> {
        (0..self.len()).map(|cell| self.get(text, cell).unwrap_or("").to_owned()).collect()
    }

    /// Splits the row that starts at `from`; returns where the next one starts. A blank row has no cells.
    pub(super) fn row(&mut self, text: &str, from: usize, delimiter: u8) -> usize {
        self.spans.clear();
        self.made.clear();
        let bytes = text.as_bytes();
        let mut at = from;
        loop {
            if bytes.get(at) == Some(&b'"') {
                at = self.quoted(text, at, delimiter);
            } else {
                let end = end_of_cell(bytes, at, delimiter);
                self.spans.push(Span { start: at, end, made: false });
                at = end;
            }
            if bytes.get(at) == Some(&delimiter) {
                at += 1;
                continue;
            }
            if at == from {
                self.spans.clear();
            }
            return after_line_end(bytes, at);
        }
    }

    /// Splits a line at runs of spaces and tabs, which also may stand before the first cell and after the last.
    pub(super) fn spaced_row(&mut self, text: &str, from: usize) -> usize {
        self.spans.clear();
        let bytes = text.as_bytes();
        let end = end_of_cell(bytes, from, b'\n');
        let mut at = from;
        while at < end {
            let start = at + bytes[at..end].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            at = start + bytes[start..end].iter().take_while(|b| !matches!(b, b' ' | b'\t')).count();
            if at > start {
                self.spans.push(Span { start, end: at, made: false });
            }
        }
        after_line_end(bytes, end)
    }

    fn quoted(&mut self, text: &str, quote: usize, delimiter: u8) -> usize {
        let bytes = text.as_bytes();
        let (mut start, held) = (quote + 1, self.made.len());
        loop {
            let Some(found) = memchr(b'"', &bytes[start..]) else {
                // Never closed: the reader refuses such files, and here the rest is the cell.
                self.keep(text, held, start, bytes.len(), bytes.len());
                return bytes.len();
            };
            let close = start + found;
            if bytes.get(close + 1) == Some(&b'"') {
                self.made.push_str(&text[start..=close]);
                start = close + 2;
                continue;
            }
            let end = end_of_cell(bytes, close + 1, delimiter);
            self.keep(text, held, start, close, end);
            return end;
        }
    }

    /// Notes a quoted cell: its last piece is `start..close`, and what follows the quote goes to `end`.
    fn keep(&mut self, text: &str, held: usize, start: usize, close: usize, end: usize) {
        let whole = self.made.len() == held && end <= close + 1;
        if whole {
            self.spans.push(Span { start, end: close, made: false });
        } else {
            self.made.push_str(&text[start..close]);
            if close < end {
                self.made.push_str(&text[close + 1..end]);
            }
            self.spans.push(Span { start: held, end: self.made.len(), made: true });
        }
    }
}

/// The line that starts at `from`, and where the next one does.
pub(super) fn line_at(text: &str, from: usize) -> (&str, usize) {
    let end = end_of_cell(text.as_bytes(), from, b'\n');
    (&text[from..end], after_line_end(text.as_bytes(), end))
}

fn end_of_cell(bytes: &[u8], from: usize, delimiter: u8) -> usize {
    memchr3(delimiter, b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |found| from + found)
}

fn after_line_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..at + 2) {
        Some(b"\r\n") => at + 2,
        _ => (at + 1).min(bytes.len()),
    }
}

/// Finds the ends of rows in text that grows at its end, without looking at any byte twice.
#[derive(Debug)]
pub(super) struct Cutter {
    /// `None`: every line is a row, and quotes mean nothing.
    delimiter: Option<u8>,
    scanned: usize,
    in_quotes: bool,
    /// Where the last whole row ends, and how many whole rows (blank ones too) lie before.
    pub(super) whole: usize,
    pub(super) rows: u64,
}

impl Cutter {
    pub(super) const fn new(delimiter: Option<u8>) -> Self {
        Self { delimiter, scanned: 0, in_quotes: false, whole: 0, rows: 0 }
    }

    pub(super) const fn in_quotes(&self) -> bool {
        self.in_quotes
    }

    /// Forgets the whole rows, which the caller has taken away.
    pub(super) const fn taken(&mut self) {
        self.scanned -= self.whole;
        self.whole = 0;
        self.rows = 0;
    }

    /// Looks at what is new. `last`: nothing will follow.
    pub(super) fn scan(&mut self, text: &[u8], last: bool) {
        while self.scanned < text.len() {
            if self.in_quotes {
                let Some(found) = memchr(b'"', &text[self.scanned..]) else {
                    self.scanned = text.len();
                    return;
                };
                let close = self.scanned + found;
                match text.get(close + 1) {
                    Some(b'"') => self.scanned = close + 2,
                    None if !last => {
                        self.scanned = close;
                        return;
                    }
                    _ => {
                        self.scanned = close + 1;
                        self.in_quotes = false;
                    }
                }
                continue;
            }
            let quote = self.delimiter.and_then(|_| memchr(b'"', &text[self.scanned..])).map(|found| self.scanned + found);
            let mut until = quote.unwrap_or(text.len());
            if quote.is_none() && !last && text.ends_with(b"\r") {
                until -= 1;
            }
            self.lines(text, until);
            let Some(quote) = quote else { return };
            self.in_quotes = quote == self.whole || Some(text[quote - 1]) == self.delimiter;
            self.scanned = quote + 1;
        }
    }

    /// Counts the row ends up to `until`, where no quotes are.
    fn lines(&mut self, text: &[u8], until: usize) {
        let part = &text[self.scanned..until];
        self.rows += memchr_iter(b'\n', part).count() as u64;
        if let Some(found) = memrchr(b'\n', part) {
            self.whole = self.scanned + found + 1;
        }
        for found in memchr_iter(b'\r', part) {
            let next = self.scanned + found + 1;
            if text.get(next) != Some(&b'\n') {
                self.rows += 1;
                self.whole = self.whole.max(next);
            }
        }
        self.scanned = until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let (mut split, mut at, mut rows) = (Split::default(), 0, Vec::new());
        while at < text.len() {
            at = split.row(text, at, delimiter);
            rows.push(split.to_vec(text));
        }
        rows
    }

    #[test]
    fn quotes_hold_newlines_delimiters_and_quotes() {
        assert_eq!(rows("\"a,\"\"b\"\"\nc\",d\r\n5\" wide,\"x\"y", b','), [vec!["a,\"b\"\nc", "d"], vec!["5\" wide", "xy"]]);
    }

    #[test]
    fn runs_of_spaces_part_cells() {
        let mut split = Split::default();
        let text = " 00001 19970101  1   11.77\r\nx";
        assert_eq!(split.spaced_row(text, 0), 28);
        assert_eq!(split.to_vec(text), ["00001", "19970101", "1", "11.77"]);
    }

    proptest! {
        #[test]
        fn every_text_is_split_as_the_csv_crate_splits_it(text in "[ab\",;\r\n]{0,60}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let want: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            let got: Vec<Vec<String>> = rows(&text, b',').into_iter().filter(|row| !row.is_empty()).collect();
            prop_assert_eq!(got, want);
        }

        #[test]
        fn the_cutter_finds_the_rows_that_the_splitter_finds_however_the_text_arrives(text in "[ab\",\r\n]{0,60}", step in 1_usize..9) {
            let mut cutter = Cutter::new(Some(b','));
            let bytes = text.as_bytes();
            let mut seen = 0;
            while seen < bytes.len() {
                seen = (seen + step).min(bytes.len());
                cutter.scan(&bytes[..seen], seen == bytes.len());
            }
            let (mut split, mut at, mut ends) = (Split::default(), 0, vec![0]);
            while at < text.len() {
                at = split.row(&text, at, b',');
                ends.push(at);
            }
            if !cutter.in_quotes() {
                let tail = u64::from(cutter.whole < text.len());
                prop_assert_eq!(cutter.rows + tail, ends.len() as u64 - 1);
                prop_assert!(ends.contains(&cutter.whole));
            }
        }
    }
}

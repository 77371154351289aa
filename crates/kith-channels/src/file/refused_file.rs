//! The form of a file of refused rows: what one says, the other side reads back, however the file was saved meanwhile.
//!
//! Three columns of our own stand first, then those of the original. So the cells of a row that has too many of them stand together,
//! and a file is known for what it is by its first three names, wherever it lies and whatever it is called. In such a file, and in no
//! other, the apostrophes that keep a spreadsheet from running a cell are ours, and are taken off again.

use std::path::Path;

use super::csv_safe::runs;

/// Where the row stood, in which column it was at fault, and why it was refused.
pub const REFUSED_COLUMNS: [&str; 3] = ["kith_row", "kith_column", "kith_reason"];

/// Are these the columns of such a file?
pub(super) fn is_refused(columns: &[String]) -> bool {
    columns.len() > REFUSED_COLUMNS.len() && columns.iter().zip(REFUSED_COLUMNS).all(|(column, ours)| column == ours)
}

/// The columns of the original. Those that a spreadsheet added for rows with too many cells have no names, so they got that of their place.
pub(super) fn original(columns: &[String]) -> Vec<String> {
    let mut columns = columns.to_vec();
    while columns.last().is_some_and(|last| *last == format!("column_{}", columns.len())) {
        columns.pop();
    }
    columns.drain(..REFUSED_COLUMNS.len().min(columns.len()));
    columns.iter().map(|column| bare(column).to_owned()).collect()
}

/// What parts the cells of text that begins like such a file.
pub(super) fn delimiter(text: &str) -> Option<u8> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut names = REFUSED_COLUMNS.iter();
    let rest = text.strip_prefix(*names.next()?)?;
    let delimiter = *rest.as_bytes().first().filter(|byte| matches!(byte, b',' | b';' | b'\t' | b'|'))?;
    let second = rest[1..].strip_prefix(*names.next()?)?;
    second.as_bytes().first().filter(|byte| **byte == delimiter).copied()
}

/// A cell as it stands in the file: one that a spreadsheet would run gets an apostrophe, and one that would be taken for such a cell
/// later gets another.
#[must_use]
pub fn guarded(cell: &str) -> std::borrow::Cow<'_, str> {
    if runs(cell.trim_start_matches('\'')) { format!("'{cell}").into() } else { cell.into() }
}

/// The cell that [`guarded`] was given.
pub(super) fn bare(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| runs(rest.trim_start_matches('\''))).unwrap_or(cell)
}

/// A refused row as it lies in such a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// Its number in the file that was imported.
    pub row: u64,
    pub column: String,
    pub reason: String,
    /// As many as the row had, which need not be as many as there are columns.
    pub cells: Vec<String>,
}

/// The columns of the original, and some of the rows of a file that nobody has touched since it was written.
pub fn refused_lines(path: &Path, skip: usize, limit: usize) -> Result<(Vec<String>, Vec<RefusedLine>), csv::Error> {
    let mut file = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
    let columns = file.headers()?.iter().map(str::to_owned).collect::<Vec<_>>();
    let lines = file.records().skip(skip).take(limit).map(|record| {
        let record = record?;
        let ours = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let cells = record.iter().skip(REFUSED_COLUMNS.len()).map(|cell| bare(cell).to_owned()).collect();
        Ok(RefusedLine { row: ours(0).parse().unwrap_or_default(), column: ours(1), reason: ours(2), cells })
    });
    Ok((original(&columns), lines.collect::<Result<_, csv::Error>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_apostrophe_of_ours_goes_and_one_of_theirs_stays() {
        for (cell, kept) in [("=1+1", "'=1+1"), ("'=1+1", "''=1+1"), ("'tis", "'tis"), ("-5", "-5"), ("'-5", "'-5"), ("''", "''")]
        {
            assert_eq!(guarded(cell), kept);
            assert_eq!(bare(kept), cell);
        }
    }

    #[test]
    fn such_a_file_is_known_by_its_first_names_whatever_parts_them() {
        assert_eq!(delimiter("kith_row;kith_column;kith_reason;a,b\n"), Some(b';'));
        assert_eq!(delimiter("\u{feff}kith_row,kith_column,kith_reason,a\n"), Some(b','));
        assert_eq!(delimiter("kith_row,column\n"), None);
        let columns = |names: &str| names.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_refused(&columns("kith_row,kith_column,kith_reason,a")));
        assert!(!is_refused(&columns("a,kith_row,kith_column,kith_reason")));
        assert_eq!(original(&columns("kith_row,kith_column,kith_reason,a,'=b,column_6,column_7")), ["a", "=b"]);
    }

    proptest! {
        #[test]
        fn whatever_a_cell_says_comes_back(cell in "['=+@a5. \t\r＝茶-]{0,8}") {
            let kept = guarded(&cell).into_owned();
            prop_assert!(!runs(&kept), "{kept:?} would be run");
            prop_assert_eq!(bare(&kept), cell);
        }
    }
}

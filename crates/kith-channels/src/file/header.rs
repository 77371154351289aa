//! What the first rows of a table say: how cells are parted, which row has the names, which lines stand before it.

use std::collections::HashSet;

use super::open::Delimiter;
use super::refused_file;
use super::split::Split;

/// Lines before the header that we look at; more is no preamble.
const LONGEST_PREAMBLE: usize = 50;
/// Rows by which a delimiter is judged.
const ROWS: usize = 300;

/// The names of a table's columns and where its rows begin.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) columns: Vec<String>,
    /// Whether a row had the names; else they are `column_1`…
    pub(super) header: bool,
    /// Rows before the header or, without one, before the first row.
    pub(super) skipped: usize,
}

/// The first rows of delimited text.
pub(super) struct FirstRows {
    pub(super) rows: Vec<Vec<String>>,
    /// Where each row ends.
    pub(super) ends: Vec<usize>,
}

/// The first rows of a text; `whole` if the text is the whole file, else the last row, which may be cut, is left out.
pub(super) fn first_rows(text: &str, delimiter: Delimiter, whole: bool) -> FirstRows {
    let (mut split, mut at) = (Split::default(), 0);
    let (mut rows, mut ends) = (Vec::new(), Vec::new());
    while at < text.len() && rows.len() < ROWS {
        at = match delimiter {
            Delimiter::Byte(byte) => split.row(text, at, byte),
            Delimiter::Whitespace => split.spaced_row(text, at),
        };
        if at == text.len() && !whole && !rows.is_empty() {
            break;
        }
        rows.push(split.to_vec(text));
        ends.push(at);
    }
    FirstRows { rows, ends }
}

/// The delimiter that cuts most rows into the same number of cells; of equals the one that makes more cells.
pub(super) fn sniff_delimiter(text: &str, whole: bool) -> Delimiter {
    if let Some(byte) = refused_file::delimiter(text) {
        return Delimiter::Byte(byte);
    }
    let mut best = (0, 1, Delimiter::Byte(b','));
    for byte in [b',', b'\t', b';', b'|'] {
        let rows = first_rows(text, Delimiter::Byte(byte), whole).rows;
        let (width, part) = usual_width(&rows);
        // Parts are compared in steps of a twentieth, so that one odd line does not outweigh a better cut.
        let candidate = (part / 50, width, Delimiter::Byte(byte));
        if width > 1 && (candidate.0, candidate.1) > (best.0, best.1) {
            best = candidate;
        }
    }
    if best.0 >= 18 {
        return best.2;
    }
    let rows = first_rows(text, Delimiter::Whitespace, whole).rows;
    let (width, part) = usual_width(&rows);
    let numbers = |row: &Vec<String>| row.is_empty() || row.iter().any(|cell| is_value(cell));
    if width > 1 && part == 1000 && rows.len() > 2 && rows.iter().skip(1).all(numbers) { Delimiter::Whitespace } else { best.2 }
}

/// The most frequent number of cells above one, and the part of the filled rows that have it, in thousandths.
fn usual_width(rows: &[Vec<String>]) -> (usize, usize) {
    let filled: Vec<usize> = rows.iter().map(Vec::len).filter(|width| *width > 0).collect();
    let mut widths: Vec<usize> = filled.iter().copied().filter(|width| *width > 1).collect();
    widths.sort_unstable();
    let most = widths.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).max();
    most.map_or((1, 0), |(count, width)| (width, count * 1000 / filled.len()))
}

/// Finds names and preamble in the first rows. `wanted`: whether a header is there, if somebody said so.
pub(super) fn find_head(rows: &[Vec<String>], wanted: Option<bool>) -> Head {
    let (mut width, _) = usual_width(rows);
    let ours = wanted != Some(false) && rows.first().is_some_and(|row| refused_file::is_refused(row));
    let wanted = if ours { Some(true) } else { wanted };
    let skipped = if ours || wanted == Some(false) { 0 } else { preamble(rows, width) };
    let body = &rows[skipped..];
    let header = wanted.unwrap_or_else(|| body.split_first().is_some_and(|(row, rest)| names(row) && !comes_again(row, rest)));
    let mut columns: Vec<String> = Vec::new();
    let mut taken: HashSet<String> = HashSet::new();
    let first: &[String] = match body.first() {
        Some(row) if header => row,
        _ => &[],
    };
    if header {
        // Rows that end in a delimiter have one cell more than their header. Other wider rows are at fault, not the header.
        let spare = body.iter().skip(1).all(|row| row.iter().skip(first.len()).all(|cell| cell.trim().is_empty()));
        if !spare || width < first.len() || first.len() < 2 && width > 1 {
            width = first.len();
        }
        width = width.max(first.len()).max(1);
    }
    for place in 0..width {
        let name = first
            .get(place)
            .map_or("", |name| name.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}'));
        let name: String = if name.is_empty() {
            format!("column_{}", place + 1)
        } else {
            name.chars().filter(|c| !c.is_control()).take(200).collect()
        };
        let name = unused(name, &taken);
        taken.insert(name.clone());
        columns.push(name);
    }
    Head { columns, header, skipped }
}

/// `name`, or `name (2)` if there is one already.
fn unused(name: String, taken: &HashSet<String>) -> String {
    if !taken.contains(&name) {
        return name;
    }
    let mut number = 2;
    loop {
        let candidate = format!("{name} ({number})");
        if !taken.contains(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// How many rows stand before the header: titles, remarks (`# ----`), blank lines, `account: x`. Only if what follows looks
/// like a header; a file without one may well begin with sparse rows.
fn preamble(rows: &[Vec<String>], width: usize) -> usize {
    let blank = |row: &[String]| row.iter().all(|cell| cell.trim().is_empty());
    let before = |row: &Vec<String>| {
        let filled = row.iter().filter(|cell| !cell.trim().is_empty()).count();
        let remark = row.first().is_some_and(|cell| cell.trim_start().starts_with('#'));
        blank(row) || width > 1 && (filled <= 1 || filled * 2 <= width || remark && row.len() < width)
    };
    let skipped = rows.iter().take_while(|row| before(row)).count();
    let only_blank = rows.iter().take_while(|row| blank(row)).count();
    let found = rows.get(skipped).is_some_and(|row| row.len() * 2 > width && names(row));
    // A title that a spreadsheet filled up with empty cells looks like a sparse row: then values must follow the header.
    let filled_up = rows.iter().take(skipped).any(|row| row.len() == width && !blank(row));
    let values_follow =
        rows.iter().skip(skipped + 1).find(|row| !blank(row)).is_some_and(|row| row.iter().any(|cell| is_value(cell)));
    let found = found && (!filled_up || values_follow);
    if skipped <= LONGEST_PREAMBLE && found { skipped } else { only_blank.min(rows.len().saturating_sub(1)) }
}

/// Whether a row can be a header: some text, and nothing that is a number or a date.
fn names(row: &[String]) -> bool {
    row.iter().any(|cell| !cell.trim().is_empty()) && !row.iter().any(|cell| is_value(cell))
}

/// Whether a cell of the first row is a value of its column further down: then it is no name. A header that is repeated as a
/// whole (files put one after the other) does not count.
fn comes_again(first: &[String], rest: &[Vec<String>]) -> bool {
    let same = |row: &Vec<String>| first.iter().zip(row).any(|(name, cell)| !name.trim().is_empty() && name == cell);
    first.len() > 1 && rest.iter().filter(|row| row.as_slice() != first).any(same)
}

/// A number, a date or a clock: something that no column is called.
fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.bytes().any(|b| b.is_ascii_digit());
    digits && (kith_core::parse_decimal(cell).is_ok() || cell.bytes().all(|b| b.is_ascii_digit() || b" -/:.TZ+".contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> (Delimiter, Head) {
        let delimiter = sniff_delimiter(text, true);
        (delimiter, find_head(&first_rows(text, delimiter, true).rows, None))
    }

    fn columns(text: &str) -> Vec<String> {
        head(text).1.columns
    }

    #[test]
    fn the_delimiter_is_the_one_that_cuts_evenly() {
        for (text, want) in [
            ("a,b\n1,2\n", b','),
            ("a\tb\n1,5\t2\n", b'\t'),
            ("day;cost;price\n2026-01-03;1,50;2,50\n2026-01-04;1,00;3\n", b';'),
            ("a|b|c\n1|2|3\n", b'|'),
            ("a,b\n\"x;y;z\",2\n\"x;y;z\",2\n", b','),
        ] {
            assert_eq!(head(text).0, Delimiter::Byte(want), "{text}");
        }
        assert_eq!(head(" id  date n\n 1 19970101  2\n 2 19970102  3\n").0, Delimiter::Whitespace);
        assert_eq!(head("hello world\nthis is text\nof three words\n").0, Delimiter::Byte(b','));
    }

    #[test]
    fn names_are_distinct_and_never_empty() {
        assert_eq!(columns("a,,a, a ,b\nx,y,z,1,2\n"), ["a", "column_2", "a (2)", "a (3)", "b"]);
    }

    #[test]
    fn a_first_row_with_numbers_is_no_header() {
        let (_, found) = head("7,2026-01-03,x\n8,2026-01-04,y\n");
        assert_eq!(found.columns, ["column_1", "column_2", "column_3"]);
        assert!(!found.header);
        assert!(!head("[嘻嘻],P\n[怒],N\n[哈哈],P\n").1.header);
        assert!(head("word,sign\n[怒],N\nword,sign\n[哈哈],P\n").1.header);
        assert_eq!(columns("近7天,7d clicks,日期\n1,2,3\n"), ["近7天", "7d clicks", "日期"]);
    }

    #[test]
    fn what_stands_before_the_header_is_passed_over() {
        let analytics = "# ------\n# All Web Site Data\n# 20260101-20260131, all\n# ------\n\nDay,Sessions,Users\n2026-01-01,5,4\n2026-01-02,6,5\n";
        assert_eq!(
            head(analytics).1,
            Head { columns: vec!["Day".into(), "Sessions".into(), "Users".into()], header: true, skipped: 5 }
        );
        let title = "店铺订单报表,,,\n账号：,me,,\n订单编号,金额,时间,备注\n1,2,2026-01-03,x\n2,3,2026-01-03,y\n";
        let found = head(title).1;
        assert_eq!((found.skipped, found.columns[0].as_str()), (2, "订单编号"));
        let bill = "微博数据\n导出时间：2026-01-05\n微博ID,正文,转发,评论\n1,a,2,3\n2,b,3,4\n";
        assert_eq!(head(bill).1.skipped, 2);
    }

    #[test]
    fn a_file_without_a_header_loses_no_row() {
        assert_eq!(head("x,,,\n1,2,3,4\n1,2,3,4\n").1.skipped, 0);
        assert_eq!(head("a,b,c\n1,2,3,4\n1,2,3,4\n").1.columns, ["a", "b", "c"]);
        assert_eq!(head("a,b,c\n1,2,3,\n1,2,3,\n").1.columns, ["a", "b", "c", "column_4"]);
    }
}

//! Tables on a terminal: columns stand under one another in Chinese and English alike.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

/// A table of text with a header. Columns that hold numbers only stand on the right.
#[must_use]
pub fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if std::env::var_os("COLUMNS").is_none() && table.width().is_none() {
        // Not a terminal: a pipe or a file is as wide as it needs to be.
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    table.set_header(header.iter().map(|name| visible(name)));
    for row in rows {
        table.add_row(row.iter().map(|cell| visible(cell)));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let number = |row: &Vec<String>| row.get(index).is_none_or(|cell| looks_like_a_number(cell));
        if !rows.is_empty() && rows.iter().all(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

fn looks_like_a_number(cell: &str) -> bool {
    let cell = cell.trim();
    cell.is_empty()
        || cell == "–"
        || cell.starts_with(|c: char| c.is_ascii_digit() || "-¥$€£+".contains(c)) && cell.chars().any(|c| c.is_ascii_digit())
}

/// What a stranger wrote, shown as text: control characters cannot move the cursor or colour the screen, and marks that turn
/// the reading direction are dropped.
#[must_use]
pub fn visible(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_in_a_name_does_not_reach_the_terminal() {
        assert_eq!(visible("\u{1b}[31mred\u{7}"), " [31mred ");
        assert_eq!(visible("a\u{202e}b"), "ab");
    }

    #[test]
    fn chinese_columns_stand_under_one_another() {
        let rows = vec![vec!["微博".to_owned(), "12".to_owned()], vec!["web".to_owned(), "3".to_owned()]];
        let text = table(&["medium".to_owned(), "orders".to_owned()], &rows);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[1].ends_with("12") && lines[2].ends_with(" 3"), "{text}");
    }
}

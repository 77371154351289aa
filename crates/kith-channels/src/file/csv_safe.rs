//! Cells that a spreadsheet would run as formulas, made harmless for every CSV that we write.

use std::borrow::Cow;

/// Puts `'` before a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return and is no number (the rule of OWASP,
/// "CSV injection"). Numbers such as `-5` and `+8613800138000` stay as they are.
#[must_use]
pub fn csv_safe(cell: &str) -> Cow<'_, str> {
    if runs(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Would a spreadsheet run this cell?
pub(super) fn runs(cell: &str) -> bool {
    let plain = |text: &str| {
        text.strip_prefix(['-', '+'])
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
    };
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) && !plain(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_text_and_numbers_stay() {
        for cell in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "-", "＝1"] {
            assert_eq!(csv_safe(cell), format!("'{cell}"));
        }
        for cell in ["", "-5", "+1.5", "a=b", "茶", "1-2", "+8613800138000"] {
            assert_eq!(csv_safe(cell), cell);
        }
    }
}

//! What the values of a column look like, when its header says nothing.

use kith_core::{Calendar, Currency, Email, Phone, WhenParser, parse_decimal, parse_money};

use super::cells::unwrap;
use super::words;

/// Shares of a column's filled cells.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Look {
    /// Cells that say something.
    pub filled: usize,
    pub times: f64,
    pub emails: f64,
    pub phones: f64,
    pub urls: f64,
    pub numbers: f64,
    pub money: f64,
    /// Words for kinds of touch.
    pub kinds: f64,
    /// Different values among the filled cells.
    pub distinct: f64,
    /// Cells of at most 64 ASCII characters without spaces.
    pub codes: f64,
    /// Characters of an average cell.
    pub length: f64,
    /// Dates such as 13/4/2026, which only day-first can be.
    pub day_first: bool,
    /// Dates such as 4/13/2026, which only month-first can be.
    pub month_first: bool,
    /// Dates such as 3/4/2026, which may be either.
    pub slashed: bool,
}

impl Look {
    /// Looks at a column of a sample.
    pub fn at<'a>(cells: impl Iterator<Item = &'a str>, calendar: Calendar, country: &str) -> Self {
        let cells: Vec<&str> = cells.map(unwrap).filter(|cell| !words::says_nothing(cell)).take(200).collect();
        if cells.is_empty() {
            return Self::default();
        }
        let when = WhenParser::new(calendar, None);
        let day_first = WhenParser::new(calendar, None).day_first(true);
        let share = |is: &dyn Fn(&str) -> bool| cells.iter().filter(|cell| is(cell)).count() as f64 / cells.len() as f64;
        let looks_dated = |cell: &str| is_dated(cell) && (when.parse(cell).is_ok() || day_first.parse(cell).is_ok());
        let distinct: std::collections::HashSet<&str> = cells.iter().copied().collect();
        let mut look = Self {
            filled: cells.len(),
            times: share(&looks_dated),
            emails: share(&|cell| cell.contains('@') && Email::parse(cell).is_ok()),
            phones: share(&|cell| is_phone(cell, country)),
            urls: share(&|cell| cell.starts_with("http://") || cell.starts_with("https://")),
            numbers: share(&|cell| parse_decimal(cell).is_ok()),
            money: share(&|cell| is_money(cell)),
            kinds: share(&|cell| words::kind(cell).is_some()),
            distinct: distinct.len() as f64 / cells.len() as f64,
            codes: share(&|cell| cell.len() <= 64 && cell.bytes().all(|byte| byte.is_ascii_graphic())),
            length: cells.iter().map(|cell| cell.chars().count()).sum::<usize>() as f64 / cells.len() as f64,
            ..Self::default()
        };
        for (one, two) in cells.iter().filter_map(|cell| slashed(cell)) {
            look.slashed = true;
            look.day_first |= one > 12 && two <= 12;
            look.month_first |= two > 12 && one <= 12;
        }
        look
    }
}

/// A time and not just a number that could be one: it has date signs, or is eight digits of a plausible day.
fn is_dated(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let signs =
        cell.chars().any(|c| matches!(c, '-' | '/' | ':' | '年' | '月' | '日' | 'T' | '昨' | '前')) || cell.contains("天");
    if digits == cell.len() {
        let plausible = |year: &str| matches!(year.parse::<u32>(), Ok(1970..=2100));
        return match digits {
            8 => plausible(&cell[..4]) && cell[4..6] <= *"12" && cell[6..] <= *"31",
            10 => cell.starts_with('1'),
            13 => cell.starts_with('1'),
            _ => false,
        };
    }
    signs && digits >= 2
}

fn is_phone(cell: &str, country: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let only = cell.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
    (7..=15).contains(&digits) && only && Phone::parse(cell, country).is_ok()
}

/// A number with a sign of money or with two decimals.
fn is_money(cell: &str) -> bool {
    let signed = cell.contains(['¥', '￥', '$', '€', '£', '元']);
    let cents =
        cell.rsplit_once('.').is_some_and(|(_, cents)| cents.len() == 2 && cents.bytes().all(|byte| byte.is_ascii_digit()));
    (signed || cents) && parse_money(cell, Currency::CNY).is_ok()
}

/// The first two numbers of `3/4/2026`.
fn slashed(cell: &str) -> Option<(u32, u32)> {
    let mut parts = cell.split('/');
    let (one, two, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let year = rest.split(' ').next()?;
    if one.len() > 2 || two.len() > 2 || !matches!(year.len(), 2 | 4) {
        return None;
    }
    Some((one.parse().ok()?, two.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(cells: &[&str]) -> Look {
        Look::at(cells.iter().copied(), Calendar::parse("Asia/Shanghai").unwrap(), "CN")
    }

    #[test]
    fn dates_phones_and_money_are_told_from_numbers() {
        assert!(look(&["2026-01-03", "2026/1/4", "-"]).times > 0.9);
        assert!(look(&["13800138000", "139 0013 9000"]).phones > 0.9);
        assert!(look(&["¥12.00", "3.50"]).money > 0.9);
        let counts = look(&["12", "40", "7"]);
        assert!(counts.times < 0.1 && counts.phones < 0.1 && counts.money < 0.1 && counts.numbers > 0.9);
    }

    #[test]
    fn a_day_above_twelve_says_which_number_is_the_day() {
        assert!(look(&["13/4/2026", "1/2/2026"]).day_first);
        assert!(look(&["4/13/2026"]).month_first);
        let open = look(&["3/4/2026"]);
        assert!(open.slashed && !open.day_first && !open.month_first);
    }
}

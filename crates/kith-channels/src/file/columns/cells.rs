//! The cells of one row as values: a time, a number, money, a short text. What cannot be read is a refusal that says where and why.

use std::borrow::Cow;

use kith_core::{CompactString, Currency, Day, Instant, Money, Refusal, WhenParser, clean, parse_decimal, parse_money};

use super::Field;
use super::plan::{Rules, Slot};
use crate::file::Row;

/// A row under a plan.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    pub rules: &'a Rules,
    pub when: &'a WhenParser,
    pub row: Row<'a>,
}

/// Characters of a name, a number, a campaign.
pub const SHORT: usize = 500;
/// Characters of what a person wrote.
pub const LONG: usize = 20_000;

impl<'a> Cells<'a> {
    /// What the field says, trimmed; empty if nothing.
    pub fn text(&self, field: &Field) -> &'a str {
        self.rules.slot(field).text(&self.row)
    }

    pub fn time(&self, field: &Field) -> Result<Option<Instant>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        self.when.parse(text).map(Some).map_err(|error| self.refuse(field, text, &error.to_string()))
    }

    pub fn day(&self, field: &Field) -> Result<Option<Day>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        self.when.parse_day(text).map(Some).map_err(|error| self.refuse(field, text, &error.to_string()))
    }

    pub fn number(&self, field: &Field) -> Result<Option<f64>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        parse_decimal(text).map(Some).map_err(|error| self.refuse(field, text, &error.to_string()))
    }

    /// Money in the currency that the cell, the row's currency column or the settings name.
    pub fn money(&self, field: &Field, assumed: Currency) -> Result<Option<Money>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        parse_money(text, assumed).map(Some).map_err(|error| self.refuse(field, text, &error.to_string()))
    }

    /// The currency of the row's money where the cell itself names none.
    pub fn currency(&self) -> Result<Currency, Refusal> {
        let text = self.text(&Field::Currency);
        if text.is_empty() {
            return Ok(self.rules.currency);
        }
        Currency::parse(text).map_err(|error| self.refuse(&Field::Currency, text, &error.to_string()))
    }

    /// A short text, cleaned.
    pub fn short(&self, field: &Field) -> Result<Option<CompactString>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        if text.len() <= SHORT && text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Ok(Some(CompactString::from(text)));
        }
        let text = clean(text, SHORT).map_err(|error| self.refuse(field, text, &error.to_string()))?;
        Ok(Some(text.into()).filter(|text: &CompactString| !text.is_empty()))
    }

    pub fn string(&self, field: &Field) -> Result<Option<String>, Refusal> {
        Ok(self.short(field)?.map(CompactString::into_string))
    }

    /// What a person wrote, cleaned.
    pub fn long(&self, field: &Field) -> Result<Option<String>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let text = clean(text, LONG).map_err(|error| self.refuse(field, text, &error.to_string()))?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A number or name that tells things apart: freed of `="…"` and of a leading `'`, with which exports keep a spreadsheet from
    /// taking it for a quantity. One that a spreadsheet has taken for a quantity (`1.23E+17`) has lost digits and is refused.
    pub fn key(&self, field: &Field) -> Result<Option<Cow<'a, str>>, Refusal> {
        let text = self.text(field);
        if text.is_empty() {
            return Ok(None);
        }
        let bare = unwrap(text);
        if is_scientific(bare) {
            return Err(self.refuse(field, text, LOST_DIGITS));
        }
        if bare.len() <= SHORT && bare.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Ok(Some(Cow::Borrowed(bare)).filter(|bare| !bare.is_empty()));
        }
        let bare = clean(bare, SHORT).map_err(|error| self.refuse(field, text, &error.to_string()))?;
        Ok(Some(Cow::<str>::Owned(bare)).filter(|bare| !bare.is_empty()))
    }

    /// The version of the row: when its source last changed it, or the number of its revision as it stands there.
    pub fn version(&self) -> Result<Option<i64>, Refusal> {
        let text = self.text(&Field::Version);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<i64>() {
            Ok(number) if number >= 0 => Ok(Some(number)),
            _ => Ok(self.time(&Field::Version)?.map(Instant::micros)),
        }
    }

    /// The columns that are kept under their own names, as a JSON object; and `more` of the kind.
    pub fn attributes(&self, more: &[(&str, &str)]) -> Result<String, Refusal> {
        let mut out = String::new();
        for (column, name) in &self.rules.attributes {
            let text = self.row.cell(*column).trim();
            if text.is_empty() {
                continue;
            }
            let text = clean(text, LONG).map_err(|error| self.refuse_column(*column, text, &error.to_string()))?;
            push_pair(&mut out, name, &text);
        }
        for (name, text) in more {
            push_pair(&mut out, name, &clean(text, LONG).unwrap_or_default());
        }
        if !out.is_empty() {
            out.push('}');
        }
        Ok(out)
    }

    pub fn refuse(&self, field: &Field, value: &str, reason: &str) -> Refusal {
        self.refuse_slot(self.rules.slot(field), field, value, reason)
    }

    pub fn refuse_column(&self, column: usize, value: &str, reason: &str) -> Refusal {
        let name = self.rules.columns.get(column).map_or("", String::as_str);
        self.refusal(name, value, reason)
    }

    /// The row as a whole cannot be read.
    pub fn refuse_row(&self, reason: &str) -> Refusal {
        self.refusal("", "", reason)
    }

    fn refuse_slot(&self, slot: &Slot, field: &Field, value: &str, reason: &str) -> Refusal {
        match slot.column.and_then(|column| self.rules.columns.get(column)) {
            Some(name) => self.refusal(name, value, reason),
            None => self.refusal("", value, &format!("{field}: {reason}")),
        }
    }

    fn refusal(&self, column: &str, value: &str, reason: &str) -> Refusal {
        Refusal {
            row: self.row.number,
            column: column.to_owned(),
            value: value.chars().take(200).collect(),
            reason: reason.to_owned(),
        }
    }
}

pub const LOST_DIGITS: &str = "a spreadsheet wrote this number as a power of ten, so its last digits are lost: export the file again and do not save it from a spreadsheet";

fn push_pair(out: &mut String, name: &str, text: &str) {
    out.push(if out.is_empty() { '{' } else { ',' });
    out.push_str(&serde_json::Value::from(name).to_string());
    out.push(':');
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// Takes off `="…"`, a leading `'` and the tab that some shops put behind numbers.
pub fn unwrap(text: &str) -> &str {
    let text = text.trim();
    match text.as_bytes() {
        [b'=', ..] => text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).trim(),
        [b'\'', ..] => text[1..].trim(),
        [b'"', ..] => text.trim_matches('"').trim(),
        _ => text,
    }
}

/// `1.38E+10`: a number in which a spreadsheet has hidden digits.
pub fn is_scientific(text: &str) -> bool {
    let Some(at) = text.find(['E', 'e']) else {
        return false;
    };
    let (mantissa, power) = (&text[..at], &text[at + 1..]);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let power_ok = power.strip_prefix('+').is_some_and(digits);
    let mantissa_ok = match mantissa.split_once('.') {
        Some((whole, fraction)) => whole.len() == 1 && digits(whole) && digits(fraction),
        None => mantissa.len() == 1 && digits(mantissa),
    };
    power_ok && mantissa_ok
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_were_kept_from_a_spreadsheet_are_unwrapped() {
        for text in ["=\"123456\"", "'123456", "123456\t", "\"123456\"", " 123456 "] {
            assert_eq!(unwrap(text), "123456", "{text}");
        }
        assert_eq!(unwrap("=1+2"), "=1+2");
    }

    #[test]
    fn a_power_of_ten_has_lost_digits_and_a_hash_has_not() {
        assert!(is_scientific("1.38E+10") && is_scientific("1e+17"));
        assert!(!is_scientific("12e+3") && !is_scientific("1e5") && !is_scientific("abce+1") && !is_scientific("E+1"));
    }
}

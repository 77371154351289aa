//! Numbers as platforms and spreadsheets write them: `1,234.50`, `1.2万`, `3.4k`, `１２`, `(5)`, `1.234,50`.
//!
//! Numbers are read into whole numbers and a scale, never through a float, so that money stays exact. Which of `.` and `,`
//! is the decimal sign is decided by the text alone: the one that stands last and once, and a single `,` followed by exactly
//! three digits is a thousands sign (`1,234`), as in every export that we have seen in Chinese or English.

/// Why a text is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("a number is missing")]
    Empty,
    #[error("`{0}` is not a number")]
    NotANumber(String),
    #[error("`{0}` is too large a number")]
    TooLarge(String),
    #[error("`{0}` is not a whole number")]
    NotWhole(String),
    #[error("`{0}` is negative, and a count cannot be")]
    Negative(String),
}

/// Parses a number for models: counts of stars, ratings, quantities. Always finite.
pub fn parse_decimal(text: &str) -> Result<f64, NumberError> {
    let (mantissa, scale) = decimal_parts(text)?;
    // Below 2^53 and 10^22 both are exact, so their quotient is the nearest float to what was written.
    if mantissa.unsigned_abs() < (1 << 53) && scale <= 22 {
        return Ok(mantissa as f64 / 10_f64.powi(scale as i32));
    }
    let value: f64 = format!("{mantissa}e-{scale}").parse().map_err(|_| not_a_number(text))?;
    if value.is_finite() { Ok(value) } else { Err(NumberError::TooLarge(text.to_owned())) }
}

/// Parses a count: whole and not negative. `1.2万` is 12000.
pub fn parse_count(text: &str) -> Result<u64, NumberError> {
    let (mantissa, scale) = decimal_parts(text)?;
    let step = 10_i128.checked_pow(scale).ok_or_else(|| NumberError::TooLarge(text.to_owned()))?;
    if mantissa % step != 0 {
        return Err(NumberError::NotWhole(text.to_owned()));
    }
    if mantissa < 0 {
        return Err(NumberError::Negative(text.to_owned()));
    }
    u64::try_from(mantissa / step).map_err(|_| NumberError::TooLarge(text.to_owned()))
}

/// The digits as a whole number, and how many of them stand after the decimal sign.
pub(crate) fn decimal_parts(text: &str) -> Result<(i128, u32), NumberError> {
    let trimmed = text.trim();
    if let Some(plain) = plain(trimmed) {
        return Ok(plain);
    }
    if trimmed.is_empty() {
        return Err(NumberError::Empty);
    }
    if trimmed.len() > 80 {
        return Err(NumberError::TooLarge(trimmed.chars().take(80).collect()));
    }
    let folded: String = trimmed.chars().map(narrow).filter(|c| !matches!(c, '_' | '\u{a0}' | '\u{202f}')).collect();
    let (negative, body) = sign(folded.trim());
    let (body, zeros) = magnitude(body);
    let (body, exponent) = exponent(body, text)?;
    let (digits, scale) = places(body).ok_or_else(|| not_a_number(text))?;
    let too_large = || NumberError::TooLarge(text.to_owned());
    let mut mantissa: i128 = digits.parse().map_err(|_| too_large())?;
    let mut scale = i64::from(scale) - i64::from(zeros) - i64::from(exponent);
    if scale < 0 {
        let power = u32::try_from(-scale).map_err(|_| too_large())?;
        mantissa = 10_i128.checked_pow(power).and_then(|step| mantissa.checked_mul(step)).ok_or_else(too_large)?;
        scale = 0;
    }
    let scale = u32::try_from(scale).map_err(|_| too_large())?;
    if scale > 60 {
        return Err(too_large());
    }
    Ok((if negative { -mantissa } else { mantissa }, scale))
}

/// The form that nearly every cell has: ASCII digits, perhaps a minus, perhaps one point. `None` sends it the long way.
fn plain(text: &str) -> Option<(i128, u32)> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let (mut value, mut scale, mut point) = (0_i64, 0, false);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                scale += u32::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if digits.ends_with('.') || digits.starts_with('.') {
        return None;
    }
    Some((i128::from(if negative { -value } else { value }), scale))
}

/// Full-width forms become their narrow twins.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '．' => '.',
        '，' => ',',
        '－' | '−' => '-',
        '＋' => '+',
        '（' => '(',
        '）' => ')',
        other => other,
    }
}

fn sign(text: &str) -> (bool, &str) {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, inner.trim());
    }
    match text.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text).trim_start()),
    }
}

/// Cuts off `万`, `亿`, `千`, `k`, `m`: how many zeros it stands for.
fn magnitude(text: &str) -> (&str, u32) {
    let text = text.strip_suffix('+').unwrap_or(text).trim_end();
    for (suffix, zeros) in
        [("万", 4), ("萬", 4), ("亿", 8), ("億", 8), ("千", 3), ("k", 3), ("K", 3), ("w", 4), ("W", 4), ("m", 6), ("M", 6)]
    {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest.trim_end(), zeros);
        }
    }
    (text, 0)
}

/// Cuts off the exponent that spreadsheets write: `1.5E+05`.
fn exponent<'a>(text: &'a str, whole: &str) -> Result<(&'a str, i32), NumberError> {
    let Some(at) = text.find(['e', 'E']) else {
        return Ok((text, 0));
    };
    let power: i32 = text[at + 1..].parse().map_err(|_| not_a_number(whole))?;
    if power.abs() > 38 {
        return Err(NumberError::TooLarge(whole.to_owned()));
    }
    Ok((&text[..at], power))
}

/// Digits without separators, and the number of decimals. `None` if the separators make no sense.
fn places(text: &str) -> Option<(String, u32)> {
    let decimal = decimal_sign(text)?;
    let (whole, fraction) = match decimal {
        Some(sign) => text.rsplit_once(sign)?,
        None => (text, ""),
    };
    let grouping = whole.chars().find(|c| !c.is_ascii_digit());
    if let Some(mark) = grouping {
        if !matches!(mark, ',' | '.' | '\'' | ' ' | '’') || Some(mark) == decimal {
            return None;
        }
        let mut groups = whole.split(mark);
        let first = groups.next()?;
        if first.is_empty() || first.len() > 3 || !groups.all(|group| group.len() == 3) {
            return None;
        }
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let odd = whole.chars().any(|c| !c.is_ascii_digit() && Some(c) != grouping) || !fraction.bytes().all(|b| b.is_ascii_digit());
    if odd || digits.is_empty() && fraction.is_empty() || decimal.is_some() && fraction.is_empty() {
        return None;
    }
    let scale = u32::try_from(fraction.len()).ok()?;
    Some((format!("0{digits}{fraction}"), scale))
}

/// Which sign parts the decimals, if any. The outer `None`: the text has several of both.
fn decimal_sign(text: &str) -> Option<Option<char>> {
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    match (points, commas) {
        (0, 0) => Some(None),
        (1, 0) => Some(Some('.')),
        (0, 1) => {
            let after = text.rsplit(',').next().map_or(0, str::len);
            Some((after != 3).then_some(','))
        }
        (0, _) | (_, 0) => Some(None),
        (1, _) if text.rfind('.') > text.rfind(',') => Some(Some('.')),
        (_, 1) if text.rfind(',') > text.rfind('.') => Some(Some(',')),
        _ => None,
    }
}

fn not_a_number(text: &str) -> NumberError {
    NumberError::NotANumber(text.chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_are_read_as_platforms_write_them() {
        for (text, want) in [
            ("1.2万", 12_000),
            ("3亿", 300_000_000),
            ("1,234", 1_234),
            ("1.234.567", 1_234_567),
            ("2k", 2_000),
            ("100万+", 1_000_000),
            ("1.5E+05", 150_000),
            ("12.00", 12),
            ("1 234", 1_234),
            (" 7 ", 7),
        ] {
            assert_eq!(parse_count(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn a_count_is_whole_and_not_negative() {
        assert_eq!(parse_count("1.5"), Err(NumberError::NotWhole("1.5".into())));
        assert_eq!(parse_count("-1"), Err(NumberError::Negative("-1".into())));
    }

    #[test]
    fn decimals_are_read_in_both_conventions() {
        for (text, want) in
            [("1.234,50", 1234.5), ("1,234.50", 1234.5), ("3,5", 3.5), ("-0.25", -0.25), ("+.5", 0.5), ("1'000.5", 1000.5)]
        {
            assert_eq!(parse_decimal(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "-", ".", "1.2.3,4,5", "1,23,456", "0x10", "inf", "NaN", "1e", "1e99", "万", "12,", "一二三"] {
            assert!(parse_decimal(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_float_survives_being_written(value in -1e15..1e15_f64) {
            prop_assert_eq!(parse_decimal(&value.to_string()).unwrap(), value);
        }

        #[test]
        fn a_count_survives_being_written(value: u64) {
            prop_assert_eq!(parse_count(&value.to_string()), Ok(value));
        }

        #[test]
        fn no_text_breaks_the_parsers(text in ".*") {
            let _ = parse_decimal(&text);
            let _ = parse_count(&text);
        }

        #[test]
        fn nothing_near_a_number_breaks_the_parsers(text in "[-+()0-9.,万kE ]{0,40}") {
            if let Ok(value) = parse_decimal(&text) {
                prop_assert!(value.is_finite());
            }
        }
    }
}

//! Money: whole minor units and an ISO 4217 currency. Never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::number::{NumberError, decimal_parts};

/// An ISO 4217 currency code, such as `CNY`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// An amount in minor units (fen, cent) of one currency. A refund is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("`{0}` is not a currency: use three letters of ISO 4217, such as CNY")]
    NotACurrency(String),
    #[error(transparent)]
    NotANumber(#[from] NumberError),
    #[error("`{text}` has more decimals than {currency} has: at most {digits}")]
    TooFine { text: String, currency: Currency, digits: u32 },
    #[error("`{0}` is more money than can be counted here")]
    TooLarge(String),
}

impl Currency {
    pub const CNY: Self = Self(*b"CNY");

    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotACurrency(text.to_owned());
        let text = text.trim();
        if let Some(currency) = from_sign(text) {
            return Ok(currency);
        }
        let code: [u8; 3] = text.as_bytes().try_into().map_err(|_| wrong())?;
        let code = code.map(|byte| byte.to_ascii_uppercase());
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(wrong()) }
    }

    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals the currency has (ISO 4217, "minor unit").
    #[must_use]
    pub fn digits(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX" | b"UYI"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

/// The currency that a sign or a word before or after a price stands for. `¥` is read as yuan: Kith's users write it so, and a
/// file in yen says JPY or 円.
fn from_sign(sign: &str) -> Option<Currency> {
    let code = match sign {
        "¥" | "￥" | "元" | "块" | "圆" | "人民币" | "RMB" | "rmb" | "CN¥" => b"CNY",
        "US$" | "$" | "＄" => b"USD",
        "€" => b"EUR",
        "£" | "￡" => b"GBP",
        "HK$" | "港币" | "港元" => b"HKD",
        "NT$" | "新台币" => b"TWD",
        "R$" => b"BRL",
        "円" => b"JPY",
        "₩" => b"KRW",
        "₹" => b"INR",
        _ => return None,
    };
    Some(Currency(*code))
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(text: String) -> Result<Self, MoneyError> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl Money {
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The amount in major units (yuan), for models and charts only: sums are made of minor units.
    #[must_use]
    pub fn major(self) -> f64 {
        self.minor as f64 / 10_f64.powi(self.currency.digits() as i32)
    }
}

impl fmt::Display for Money {
    /// `CNY 1234.50`, so that it can be read back by [`parse_money`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (digits, sign) = (self.currency.digits(), if self.minor < 0 { "-" } else { "" });
        let scale = 10_u64.pow(digits);
        let minor = self.minor.unsigned_abs();
        write!(f, "{} {sign}{}", self.currency, minor / scale)?;
        if digits > 0 {
            write!(f, ".{:0width$}", minor % scale, width = digits as usize)?;
        }
        Ok(())
    }
}

/// Parses what people and platforms write for money: `¥1,234.50`, `-12`, `12元`, `CNY 3`, `1.2万`, `(4.00)`.
///
/// `assumed` is the currency where the text names none. More decimals than the currency has are refused unless they are
/// zeros or come from arithmetic noise (`9.700000000000001`): beyond six decimals the amount is rounded, because
/// spreadsheets write prices so.
pub fn parse_money(text: &str, assumed: Currency) -> Result<Money, MoneyError> {
    let (negative, number, currency) = split_currency(text.trim());
    let currency = currency.unwrap_or(assumed);
    let (mantissa, scale) = decimal_parts(number)?;
    let mantissa = if negative { -mantissa } else { mantissa };
    let too_large = || MoneyError::TooLarge(text.to_owned());
    let digits = currency.digits();
    let minor = if scale <= digits {
        mantissa.checked_mul(10_i128.pow(digits - scale)).ok_or_else(too_large)?
    } else {
        let step = 10_i128.checked_pow(scale - digits).ok_or_else(too_large)?;
        let rest = mantissa % step;
        if rest != 0 && scale <= 6 {
            return Err(MoneyError::TooFine { text: text.to_owned(), currency, digits });
        }
        mantissa / step + if rest.abs() * 2 >= step { rest.signum() } else { 0 }
    };
    let minor = i64::try_from(minor).map_err(|_| too_large())?;
    Ok(Money { minor, currency })
}

/// Cuts a currency (sign, code or word) off either end: is there a minus before the sign, the number, the currency.
fn split_currency(text: &str) -> (bool, &str, Option<Currency>) {
    let belongs_to_a_number = |c: char| c.is_numeric() || ".,-+()−（）万亿千kKmM，．－＋ ".contains(c);
    let unsigned = text.trim_start_matches(['-', '−', '－']);
    let name_ends = unsigned.find(|c: char| c.is_ascii_digit() || ".,-+(−（０１２３４５６７８９".contains(c)).unwrap_or(0);
    if let Ok(currency) = Currency::parse(&unsigned[..name_ends]) {
        return (unsigned.len() < text.len(), unsigned[name_ends..].trim(), Some(currency));
    }
    let name_starts = text.rfind(belongs_to_a_number).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    match Currency::parse(&text[name_starts..]) {
        Ok(currency) => (false, text[..name_starts].trim(), Some(currency)),
        Err(_) => (false, text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minor(text: &str) -> (i64, String) {
        let money = parse_money(text, Currency::CNY).unwrap();
        (money.minor, money.currency.to_string())
    }

    #[test]
    fn prices_are_read_as_people_write_them() {
        for (text, want, currency) in [
            ("¥1,234.50", 123_450, "CNY"),
            ("￥ 12", 1_200, "CNY"),
            ("12元", 1_200, "CNY"),
            ("1.2万", 1_200_000, "CNY"),
            ("1.2万元", 1_200_000, "CNY"),
            ("-¥5.00", -500, "CNY"),
            ("¥-5.00", -500, "CNY"),
            ("(4.00)", -400, "CNY"),
            ("US$3.99", 399, "USD"),
            ("3.99 USD", 399, "USD"),
            ("JPY 500", 500, "JPY"),
            ("KWD 1.234", 1_234, "KWD"),
            ("１２．５", 1_250, "CNY"),
            ("9.700000000000001", 970, "CNY"),
            ("0", 0, "CNY"),
        ] {
            assert_eq!(minor(text), (want, currency.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_third_decimal_that_matters_is_refused() {
        assert!(matches!(parse_money("1.005", Currency::CNY), Err(MoneyError::TooFine { .. })));
        assert_eq!(minor("1.500").0, 150);
    }

    #[test]
    fn what_is_not_money_is_refused() {
        for text in ["", "free", "12 apples", "--3", "1,2,3.4.5", "1e400", "NaN", "99999999999999999999"] {
            assert!(parse_money(text, Currency::CNY).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn money_survives_being_written(minor in i64::MIN + 1..=i64::MAX, code in "[A-Z]{3}") {
            let money = Money::new(minor, Currency::parse(&code).unwrap());
            prop_assert_eq!(parse_money(&money.to_string(), Currency::CNY).unwrap(), money);
        }

        #[test]
        fn no_text_breaks_the_parser(text in ".*") {
            let _ = parse_money(&text, Currency::CNY);
        }
    }
}

//! A phone number in E.164 form, from any way people write it (by Google's numbering rules in the `phonenumber` library).

use std::fmt;

use serde::{Deserialize, Serialize};

/// `+8613800138000`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("`{0}` is not a phone number")]
    NotANumber(String),
    #[error("`{0}` hides some of its digits: a masked number cannot tell people apart")]
    Masked(String),
    #[error("`{0}` is not a country: use two letters of ISO 3166, such as CN")]
    Country(String),
}

impl Phone {
    /// Parses a number; `country` (two letters) is where a number without a prefix belongs.
    ///
    /// Platforms mask numbers in their exports (`138****8000`); such a number is refused, because it belongs to ten thousand people.
    pub fn parse(text: &str, country: &str) -> Result<Self, PhoneError> {
        let shown = || text.chars().take(60).collect::<String>();
        if text.contains(['*', '＊']) {
            return Err(PhoneError::Masked(shown()));
        }
        if text.len() > 60 {
            return Err(PhoneError::NotANumber(shown()));
        }
        let country = country.parse().map_err(|_| PhoneError::Country(country.to_owned()))?;
        // Spreadsheets that take a number for a quantity write 13800138000.0.
        let text = text.trim().trim_start_matches('\'').trim_end_matches(".0");
        let number = phonenumber::parse(Some(country), text).map_err(|_| PhoneError::NotANumber(shown()))?;
        if !phonenumber::is_valid(&number) {
            return Err(PhoneError::NotANumber(shown()));
        }
        Ok(Self(number.format().mode(phonenumber::Mode::E164).to_string()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_has_one_form_however_it_is_written() {
        for text in [
            "13800138000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "0086 13800138000",
            "13800138000.0",
            "'13800138000",
            "（+86）13800138000",
        ] {
            assert_eq!(Phone::parse(text, "CN").unwrap().as_str(), "+8613800138000", "{text}");
        }
    }

    #[test]
    fn a_landline_is_a_number_too() {
        assert_eq!(Phone::parse("010-6552 9988", "CN").unwrap().as_str(), "+861065529988");
    }

    #[test]
    fn a_masked_number_tells_nobody_apart() {
        assert!(matches!(Phone::parse("138****8000", "CN"), Err(PhoneError::Masked(_))));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "abc", "12", "99999999999999999999", "无"] {
            assert!(Phone::parse(text, "CN").is_err(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_breaks_the_parser(text in ".{0,70}") {
            let _ = Phone::parse(&text, "CN");
        }

        #[test]
        fn parsing_the_form_again_changes_nothing(digits in "1[3-9][0-9]{9}") {
            if let Ok(phone) = Phone::parse(&digits, "CN") {
                prop_assert_eq!(Phone::parse(phone.as_str(), "DE").unwrap(), phone);
            }
        }
    }
}

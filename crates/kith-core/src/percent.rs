//! A share of a whole, kept as a fraction of 1.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::number::parse_decimal;

/// A fraction between 0 and 1, written as a percentage: 0.25 is `25%`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Percent(f64);

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PercentError {
    #[error("`{0}` is not a percentage: write it like 12.5%")]
    NotAPercentage(String),
    #[error("{0} is not between 0% and 100%")]
    OutOfRange(f64),
}

impl Percent {
    pub fn from_fraction(fraction: f64) -> Result<Self, PercentError> {
        if (0.0..=1.0).contains(&fraction) { Ok(Self(fraction)) } else { Err(PercentError::OutOfRange(fraction)) }
    }

    /// Parses `12.5%`, `12.5 %`, `１２％`, or a bare fraction `0.125`.
    pub fn parse(text: &str) -> Result<Self, PercentError> {
        let wrong = || PercentError::NotAPercentage(text.to_owned());
        let text_trimmed = text.trim();
        let fraction = match text_trimmed.strip_suffix(['%', '％']) {
            Some(number) => parse_decimal(number).map_err(|_| wrong())? / 100.0,
            None => parse_decimal(text_trimmed).map_err(|_| wrong())?,
        };
        Self::from_fraction(fraction)
    }

    #[must_use]
    pub const fn fraction(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}%", self.0 * 100.0)
    }
}

impl TryFrom<f64> for Percent {
    type Error = PercentError;
    fn try_from(fraction: f64) -> Result<Self, PercentError> {
        Self::from_fraction(fraction)
    }
}

impl From<Percent> for f64 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_percentage_is_a_fraction() {
        assert_eq!(Percent::parse("12.5%").unwrap().fraction(), 0.125);
        assert_eq!(Percent::parse("0.125").unwrap().to_string(), "12.5%");
        assert_eq!(Percent::parse("１０％").unwrap().fraction(), 0.1);
    }

    #[test]
    fn more_than_the_whole_is_refused() {
        assert_eq!(Percent::parse("150%"), Err(PercentError::OutOfRange(1.5)));
        assert!(Percent::from_fraction(f64::NAN).is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in ".*") {
            let _ = Percent::parse(&text);
        }
    }
}

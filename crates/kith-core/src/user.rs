//! Those who work with Kith: their number, and the name by which they sign in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::Email;

/// The number of a user in a store. Written as text, so that no reader has to wonder whether it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserId(pub i64);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the number of a user")]
pub struct UserIdError(String);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for UserId {
    type Err = UserIdError;
    fn from_str(text: &str) -> Result<Self, UserIdError> {
        text.parse().map(Self).map_err(|_| UserIdError(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for UserId {
    type Error = UserIdError;
    fn try_from(text: String) -> Result<Self, UserIdError> {
        text.parse()
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.to_string()
    }
}

/// The name by which somebody signs in: an e-mail address, or a plain name of 2 to 40 letters and digits of any script, `-`, `_` and
/// `.`. One spelling for one name: small letters, NFKC, so that a full-width `ｍｅｉ` is `mei`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    #[error("`{0}` is not an e-mail address: write it like mei@example.com, or choose a plain name without @")]
    Email(String),
    #[error("a login name has 2 to 40 letters and digits, `-`, `_` and `.`, and begins with a letter or digit")]
    Name,
}

impl Login {
    pub fn parse(text: &str) -> Result<Self, LoginError> {
        if text.len() > 1_000 {
            return Err(LoginError::Name);
        }
        let text: String = text.trim().nfkc().flat_map(char::to_lowercase).nfkc().collect();
        if text.contains('@') {
            return match Email::parse(&text) {
                Ok(email) => Ok(Self(email.as_str().to_owned())),
                Err(_) => Err(LoginError::Email(text.chars().take(100).collect())),
            };
        }
        let known = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let length = text.chars().count();
        let starts_well = text.chars().next().is_some_and(char::is_alphanumeric);
        if (2..=40).contains(&length) && starts_well && text.chars().all(known) { Ok(Self(text)) } else { Err(LoginError::Name) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Login {
    type Error = LoginError;
    fn try_from(text: String) -> Result<Self, LoginError> {
        Self::parse(&text)
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_name_has_one_spelling() {
        assert_eq!(Login::parse(" Mei.Lin@Example.COM ").unwrap().as_str(), "mei.lin@example.com");
        assert_eq!(Login::parse("ＭＥＩ").unwrap(), Login::parse("mei").unwrap());
        assert_eq!(Login::parse("小林").unwrap().as_str(), "小林");
    }

    #[test]
    fn what_is_neither_an_address_nor_a_name_is_refused() {
        for text in ["", "m", "-mei", "mei lin", "mei@", "@", "a\u{202e}b", "<script>", "mei/../x", "mei\0"] {
            assert!(Login::parse(text).is_err(), "{text}");
        }
        assert!(Login::parse(&"x".repeat(41)).is_err());
        assert!(Login::parse(&"\u{fdfa}".repeat(100_000)).is_err(), "a sign that grows by eighteen");
    }

    #[test]
    fn a_number_of_a_user_is_text_to_others() {
        assert_eq!(serde_json::to_string(&UserId(7)).unwrap(), "\"7\"");
        assert_eq!(serde_json::from_str::<UserId>("\"7\"").unwrap(), UserId(7));
        assert!("seven".parse::<UserId>().is_err());
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(text in "[a-zA-ZÀ-ÿ0-9._@-]{0,30}|.{0,30}") {
            if let Ok(login) = Login::parse(&text) {
                prop_assert_eq!(Login::parse(login.as_str()).unwrap(), login);
            }
        }
    }
}

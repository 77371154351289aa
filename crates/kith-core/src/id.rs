//! Ids: a slug for what people name, a hash for what happened, a number for an import.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::Digest;

/// A short name that people give and read in addresses: `spring-tea`, `wechat-shop`.
///
/// 1 to 64 characters: letters and digits of any script in lower case, `-`, `_` and `.`; never starting with `-` or `.`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(CompactString);

/// The business that uses this Kith.
pub type TenantId = Slug;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("a short name is empty: give it 1 to 64 characters, such as `spring-tea`")]
    Empty,
    #[error("the short name `{0}` is longer than 64 characters: choose a shorter one")]
    TooLong(String),
    #[error("the short name `{text}` has `{character}`: use letters, digits, `-`, `_` and `.`, and start with a letter or digit")]
    Character { text: String, character: char },
    #[error("`{0}` is not a touch id: it is 32 hexadecimal digits")]
    NotATouchId(String),
}

impl Slug {
    /// Parses a short name; capitals become small letters.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let text = text.trim().to_lowercase();
        let Some(first) = text.chars().next() else {
            return Err(IdError::Empty);
        };
        if text.chars().count() > 64 {
            return Err(IdError::TooLong(text));
        }
        let odd = text.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
        let odd = odd.or_else(|| matches!(first, '-' | '.').then_some(first));
        match odd {
            Some(character) => Err(IdError::Character { text, character }),
            None => Ok(Self(text.into())),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0.into()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which touch this is: 128 bits from (tenant, source, the source's own id), so that the same event imported, pushed
/// and polled is one touch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TouchId([u8; 16]);

impl TouchId {
    /// The id of the event that `source` (a channel or a shop system) calls `own_id`.
    #[must_use]
    pub fn of(tenant: &TenantId, source: &str, own_id: &str) -> Self {
        Self(Digest::id128_of("touch", &[tenant.as_str().as_bytes(), source.as_bytes(), own_id.as_bytes()]))
    }

    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for TouchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for TouchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TouchId({self})")
    }
}

impl From<TouchId> for String {
    fn from(id: TouchId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for TouchId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        let wrong = || IdError::NotATouchId(text.clone());
        if text.len() != 32 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 16];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// One import of one file, numbered by the journal in the order of arrival. Zero is "by call": what came over an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ImportId(pub i64);

impl ImportId {
    /// Touches that no file brought: pushed, polled, or written by Kith itself.
    pub const BY_CALL: Self = Self(0);
}

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chinese_name_is_a_short_name() {
        assert_eq!(Slug::parse(" 春茶-2026 ").unwrap().as_str(), "春茶-2026");
    }

    #[test]
    fn a_path_is_not_a_short_name() {
        assert!(matches!(Slug::parse("../etc"), Err(IdError::Character { character: '/', .. })));
        assert!(matches!(Slug::parse(".hidden"), Err(IdError::Character { character: '.', .. })));
    }

    #[test]
    fn the_same_event_of_two_tenants_is_two_touches() {
        let (a, b) = (Slug::parse("a").unwrap(), Slug::parse("b").unwrap());
        assert_ne!(TouchId::of(&a, "weibo", "1"), TouchId::of(&b, "weibo", "1"));
    }

    proptest! {
        #[test]
        fn a_touch_id_survives_being_written(bytes: [u8; 16]) {
            let id = TouchId::from_bytes(bytes);
            prop_assert_eq!(TouchId::try_from(id.to_string()).unwrap(), id);
        }

        #[test]
        fn no_text_breaks_the_parsers(text in ".*") {
            let _ = Slug::parse(&text);
            let _ = TouchId::try_from(text);
        }
    }
}

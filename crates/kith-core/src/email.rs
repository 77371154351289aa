//! An e-mail address, as far as two of them need to be told apart.
//!
//! Not a full parser of RFC 5322 (quoted local parts and comments do not occur in shop exports): what we need is one spelling
//! for one mailbox, and a clear no to what is not an address. No dependency would save more than these lines weigh.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An address in lower case with its domain in the form it was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an e-mail address")]
pub struct EmailError(String);

impl Email {
    /// Parses an address. Capitals become small letters: no mail service that a customer has tells them apart.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let wrong = || EmailError(text.chars().take(100).collect());
        let address = text.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or_else(wrong)?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        let label_ok = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let domain_ok = domain.contains('.') && domain.len() <= 253 && domain.split('.').all(label_ok);
        if local_ok && domain_ok { Ok(Self(address)) } else { Err(wrong()) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_mailbox_has_one_spelling() {
        assert_eq!(Email::parse(" <Mei.Lin@Example.COM>").unwrap().as_str(), "mei.lin@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "a", "a@", "@b.c", "a@b", "a b@c.de", ".a@b.cd", "a@-b.cd", "a@b..cd", "无"] {
            assert!(Email::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_twice_changes_nothing(text in "[a-zA-Z.@ <>-]{0,30}|.*") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()).unwrap(), email);
            }
        }
    }
}

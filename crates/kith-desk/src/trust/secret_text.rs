//! Text and bytes that let somebody in: made from chance, shown once, kept as a hash, and never printed by accident.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kith_core::Digest;
use kith_journal::trust::SecretHash;

use super::Randomness;

/// Text that its `Debug` does not show and that has no `Display`: a token, a link, a one-time password.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// For the one place that hands it over.
    #[must_use]
    pub fn show(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// Bytes that its `Debug` does not show: what a sealed secret says when it is open.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// For the one place that uses it.
    #[must_use]
    pub fn show(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.fill(0);
        // Else the compiler may leave out what nobody reads.
        std::hint::black_box(&self.0);
    }
}

/// What a token opens. The same text for two doors has two hashes, so one cannot be used as the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Session,
    Device,
    Ticket,
    Invitation,
    ResetLink,
    ApiToken,
    RecoveryCode,
}

impl Door {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Session => "trust session",
            Self::Device => "trust device",
            Self::Ticket => "trust ticket",
            Self::Invitation => "trust invitation",
            Self::ResetLink => "trust reset link",
            Self::ApiToken => "trust api token",
            Self::RecoveryCode => "trust recovery code",
        }
    }

    /// What the store keeps of it. A fast hash is enough: a token has 256 random bits, a recovery code 80.
    pub fn hash(self, token: &str) -> SecretHash {
        Digest::new(self.purpose()).with(token.as_bytes()).id256()
    }

    /// A new token of 256 bits and its hash.
    pub fn make(self, randomness: &Randomness) -> (SecretText, SecretHash) {
        let prefix = if self == Self::ApiToken { super::api_token::PREFIX } else { "" };
        let token = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(randomness.bytes::<32>()));
        let hash = self.hash(&token);
        (SecretText(token), hash)
    }
}

/// Are two texts the same? In a time that tells nothing of where they differ: their hashes are compared, and those nobody can steer.
pub(super) fn same(one: &str, other: &str) -> bool {
    Digest::new("trust same").with(one.as_bytes()).id256() == Digest::new("trust same").with(other.as_bytes()).id256()
}

/// Letters and digits that nobody takes for one another (Crockford's 32).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Text that a person types from paper: `GROUPS` groups of `LENGTH` letters, five bits each.
pub(super) fn typed<const GROUPS: usize, const LENGTH: usize>(randomness: &Randomness) -> SecretText {
    let groups = (0..GROUPS).map(|_| {
        let bytes = randomness.bytes::<LENGTH>();
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect::<String>()
    });
    SecretText(groups.collect::<Vec<_>>().join("-"))
}

/// One spelling for what a person typed from paper.
pub(super) fn as_typed(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase());
    letters
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect()
}

/// A short name for a record that people and addresses use; it lets nobody in.
pub(super) fn record_id(randomness: &Randomness) -> String {
    randomness.bytes::<10>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", SecretText::new("geheim".into())), "SecretText(…)");
        assert_eq!(format!("{:?}", Some(Secret::new(b"geheim".to_vec()))), "Some(Secret(…))");
    }

    #[test]
    fn a_token_has_256_bits_and_opens_one_kind_of_door() {
        let (token, hash) = Door::Session.make(&Randomness::seeded(1));
        assert_eq!(token.show().len(), 43);
        assert_eq!(Door::Session.hash(token.show()), hash);
        assert_ne!(Door::Invitation.hash(token.show()), hash);
    }

    #[test]
    fn the_system_gives_two_tokens_that_differ() {
        let random = Randomness::system();
        assert_ne!(Door::Session.make(&random).0, Door::Session.make(&random).0);
    }

    proptest! {
        #[test]
        fn what_is_typed_from_paper_may_be_in_capitals_and_without_hyphens(seed: u64) {
            let code = typed::<4, 4>(&Randomness::seeded(seed));
            let carelessly = code.show().replace('-', " ").to_uppercase().replace('0', "O").replace('1', "l");
            prop_assert_eq!(as_typed(&carelessly), as_typed(code.show()));
            prop_assert_eq!(as_typed(code.show()).len(), 16);
        }

        #[test]
        fn texts_are_the_same_only_if_they_are(one in ".{0,8}", other in ".{0,8}") {
            prop_assert_eq!(same(&one, &other), one == other);
        }
    }
}

//! Passwords: which are good enough, and how they are kept (Argon2id, RFC 9106).

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kith_core::Login;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use super::{HashCost, Randomness, TrustError};

/// A password that is good enough, in one spelling (NFC). Neither its `Debug` nor any error shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("the password is too short: at least {LEAST} characters, a sentence is easier to keep in mind than a riddle")]
    TooShort,
    #[error("the password is longer than {MOST} bytes: choose a shorter one")]
    TooLong,
    #[error("this is one of the passwords that are guessed first: choose another")]
    Common,
    #[error("the password is or contains the login name: choose another")]
    LikeLogin,
    #[error("the password is a run or has fewer than 5 different characters: choose another")]
    Simple,
}

const LEAST: usize = 10;
const MOST: usize = 1_000;

static COMMON: &str = include_str!("common_passwords.txt");

impl Password {
    pub fn parse(text: &str, login: &Login) -> Result<Self, PasswordError> {
        if text.len() > MOST {
            return Err(PasswordError::TooLong);
        }
        let text = one_spelling(text);
        if text.chars().count() < LEAST {
            return Err(PasswordError::TooShort);
        }
        let small = text.to_lowercase();
        if COMMON.lines().any(|common| common == small) {
            return Err(PasswordError::Common);
        }
        let name = login.as_str().split('@').next().unwrap_or_default();
        if small.contains(login.as_str()) || (name.chars().count() >= 4 && small.contains(name)) {
            return Err(PasswordError::LikeLogin);
        }
        let mut different: Vec<char> = small.chars().collect();
        let run = different.windows(2).all(|pair| u32::from(pair[0]).abs_diff(u32::from(pair[1])) <= 1);
        different.sort_unstable();
        different.dedup();
        if run || different.len() < 5 { Err(PasswordError::Simple) } else { Ok(Self(text)) }
    }

    /// One that Kith made itself from chance.
    pub(super) fn made(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

fn one_spelling(text: &str) -> String {
    text.nfc().collect()
}

/// Was it the password, and was it hashed as we hash today?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub right: bool,
    pub outdated: bool,
}

/// Hashes passwords, a few at a time: each takes tens of milliseconds of a core and as many megabytes as its cost says.
#[derive(Clone)]
pub(super) struct PasswordHasher {
    params: Params,
    randomness: Randomness,
    turns: Arc<Semaphore>,
    /// The hash of nobody's password, for logins that do not exist: the answer must take as long.
    nobody: Arc<str>,
}

/// Passwords that are hashed at once.
const AT_ONCE: usize = 4;

impl PasswordHasher {
    pub fn new(cost: HashCost, randomness: &Randomness) -> Result<Self, TrustError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(|_| TrustError::Invalid {
            what: "the cost of passwords",
            advice: "use at least 8 KiB of memory and one pass".to_owned(),
        })?;
        let randomness = randomness.clone();
        let nobody = hash(&params, &randomness, "nobody's password")?.into();
        Ok(Self { params, randomness, turns: Arc::new(Semaphore::new(AT_ONCE)), nobody })
    }

    pub async fn hash(&self, password: &Password) -> Result<String, TrustError> {
        let (params, randomness, text) = (self.params.clone(), self.randomness.clone(), password.0.clone());
        self.aside(move || hash(&params, &randomness, &text)).await?
    }

    /// Compares what somebody typed with what is kept; with `None`, with nobody's, at the same cost.
    pub async fn verify(&self, typed: &str, kept: Option<&str>) -> Result<Verdict, TrustError> {
        let exists = kept.is_some() && typed.len() <= MOST;
        let kept = kept.filter(|_| exists).unwrap_or(&self.nobody).to_owned();
        let typed = if typed.len() <= MOST { one_spelling(typed) } else { String::new() };
        let params = self.params.clone();
        self.aside(move || {
            let parsed = PasswordHash::new(&kept).map_err(|_| TrustError::Damaged { what: "a password" })?;
            let right = argon(params.clone()).verify_password(typed.as_bytes(), &parsed).is_ok();
            let outdated = Params::try_from(&parsed).map_or(true, |old| {
                (old.m_cost(), old.t_cost(), old.p_cost()) != (params.m_cost(), params.t_cost(), params.p_cost())
            });
            Ok(Verdict { right: right && exists, outdated })
        })
        .await?
    }

    /// Runs what takes long where it keeps nobody waiting.
    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, TrustError> {
        // Never closed, so there is always a turn to come.
        let _turn = self.turns.acquire().await.map_err(|_| TrustError::Interrupted)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| TrustError::Interrupted)
    }
}

fn argon(params: Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(params: &Params, randomness: &Randomness, text: &str) -> Result<String, TrustError> {
    let salt = SaltString::encode_b64(&randomness.bytes::<16>()).map_err(|_| TrustError::Interrupted)?;
    let hashed = argon(params.clone()).hash_password(text.as_bytes(), &salt).map_err(|_| TrustError::Interrupted)?;
    Ok(hashed.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHEAP: HashCost = HashCost { memory_kib: 8, passes: 1 };

    fn parse(text: &str) -> Result<Password, PasswordError> {
        Password::parse(text, &Login::parse("meilin@example.com").unwrap())
    }

    #[test]
    fn a_sentence_is_a_password_and_what_is_guessed_first_is_none() {
        for good in ["correct horse battery", "一杯茶和两块月饼今天", "tr0ub4dor&3x", "      a bc de"] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("short", PasswordError::TooShort),
            ("123456789", PasswordError::TooShort),
            ("Password123", PasswordError::Common),
            ("QWERTYUIOP", PasswordError::Common),
            ("woaini1314", PasswordError::Common),
            ("mein name ist meilin", PasswordError::LikeLogin),
            ("MEILIN@example.com1", PasswordError::LikeLogin),
            ("zzzzzzzzzzzzzz", PasswordError::Simple),
            ("efghijklmnopqrs", PasswordError::Simple),
            ("ababababababab", PasswordError::Simple),
        ] {
            assert_eq!(parse(bad), Err(why), "{bad}");
        }
        assert_eq!(parse(&"x".repeat(MOST + 1)), Err(PasswordError::TooLong));
    }

    #[test]
    fn the_list_of_common_passwords_is_in_the_form_it_is_searched_in() {
        let list: Vec<&str> = COMMON.lines().filter(|line| !line.starts_with("# ")).collect();
        assert!(list.len() > 1_000);
        assert!(list.iter().all(|line| line.len() >= LEAST && *line == line.to_lowercase()));
        assert!(list.is_sorted());
    }

    #[tokio::test]
    async fn a_password_is_kept_as_argon2id_with_the_stated_cost_and_its_own_salt() {
        let hasher = PasswordHasher::new(HashCost::default(), &Randomness::seeded(1)).unwrap();
        let password = parse("correct horse battery").unwrap();
        let (one, other) = (hasher.hash(&password).await.unwrap(), hasher.hash(&password).await.unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, other, "two salts");
        assert!(!one.contains("horse"));
    }

    #[tokio::test]
    async fn a_hash_that_cost_less_is_right_and_outdated() {
        let random = Randomness::seeded(1);
        let kept = PasswordHasher::new(CHEAP, &random).unwrap().hash(&parse("correct horse battery").unwrap()).await.unwrap();
        let dearer = PasswordHasher::new(HashCost { memory_kib: 16, passes: 1 }, &random).unwrap();
        let verdict = dearer.verify("correct horse battery", Some(&kept)).await.unwrap();
        assert_eq!(verdict, Verdict { right: true, outdated: true });
    }

    #[tokio::test]
    async fn nobody_s_password_is_never_right() {
        let hasher = PasswordHasher::new(CHEAP, &Randomness::seeded(1)).unwrap();
        for typed in ["nobody's password", "", "x"] {
            assert!(!hasher.verify(typed, None).await.unwrap().right);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn exactly_the_password_that_was_hashed_is_right(text in "[a-z äé一-龥]{10,20}", other in ".{0,20}") {
            let Ok(password) = parse(&text) else { return Ok(()) };
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (right, wrong) = runtime.block_on(async {
                let hasher = PasswordHasher::new(CHEAP, &Randomness::seeded(7)).unwrap();
                let kept = hasher.hash(&password).await.unwrap();
                (hasher.verify(&text, Some(&kept)).await.unwrap(), hasher.verify(&other, Some(&kept)).await.unwrap())
            });
            prop_assert!(right.right);
            prop_assert_eq!(wrong.right, one_spelling(&other) == password.0);
        }

        #[test]
        fn no_text_breaks_the_check(text in ".{0,60}") {
            let _ = parse(&text);
        }
    }
}

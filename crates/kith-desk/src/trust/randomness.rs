//! Where chance comes from: the system's source; for tests, a seed.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::rand_core::{OsRng, RngCore};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Random bytes for tokens, salts and keys.
#[derive(Clone)]
pub struct Randomness(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Randomness {
    /// What the operating system gives: everywhere but in tests.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes every time: only for tests, whoever knows the seed knows every token.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))))
    }

    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => RngCore::fill_bytes(&mut OsRng, &mut bytes),
            Source::Seeded(rng) => Rng::fill_bytes(&mut *rng.lock().unwrap_or_else(PoisonError::into_inner), &mut bytes),
        }
        bytes
    }
}

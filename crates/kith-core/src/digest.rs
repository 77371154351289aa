//! The one hash of the project: BLAKE3 over length-prefixed parts.
//!
//! Ids are derived from what strangers wrote (an order number, a handle), so the hash must not be one that a stranger can make
//! collide. Each part is prefixed with its length: `("ab", "c")` and `("a", "bc")` are different things.

/// Feeds parts into BLAKE3 and gives as many bytes of the answer as an id needs.
#[derive(Clone)]
pub struct Digest(blake3::Hasher);

impl Digest {
    /// Starts a digest for one purpose: the same parts under two purposes give two ids.
    #[must_use]
    pub fn new(purpose: &str) -> Self {
        Self(blake3::Hasher::new()).with(purpose.as_bytes())
    }

    /// Adds a part, its length first.
    #[must_use]
    pub fn with(mut self, part: &[u8]) -> Self {
        self.add(part);
        self
    }

    /// Adds a part, its length first.
    pub fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// The same as `new(purpose)` and `with` for each part, in one stroke and for short parts without the hasher's state of two
    /// kilobytes: every touch and every identity is hashed once.
    #[must_use]
    pub fn id128_of(purpose: &str, parts: &[&[u8]]) -> [u8; 16] {
        let mut out = [0; 16];
        out.copy_from_slice(&Self::hash_of(purpose, parts).as_bytes()[..16]);
        out
    }

    /// As [`Digest::id128_of`], 63 bits of it.
    #[must_use]
    pub fn id63_of(purpose: &str, parts: &[&[u8]]) -> i64 {
        let mut out = [0; 8];
        out.copy_from_slice(&Self::hash_of(purpose, parts).as_bytes()[..8]);
        (u64::from_le_bytes(out) >> 1) as i64
    }

    fn hash_of(purpose: &str, parts: &[&[u8]]) -> blake3::Hash {
        const SHORT: usize = 512;
        let length = 8 + purpose.len() + parts.iter().map(|part| 8 + part.len()).sum::<usize>();
        if length > SHORT {
            let mut digest = Self::new(purpose);
            parts.iter().for_each(|part| digest.add(part));
            return digest.0.finalize();
        }
        let (mut buffer, mut end) = ([0; SHORT], 0);
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            buffer[end..end + 8].copy_from_slice(&(part.len() as u64).to_le_bytes());
            buffer[end + 8..end + 8 + part.len()].copy_from_slice(part);
            end += 8 + part.len();
        }
        blake3::hash(&buffer[..end])
    }

    /// The first 128 bits.
    #[must_use]
    pub fn id128(&self) -> [u8; 16] {
        let mut out = [0; 16];
        out.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        out
    }

    /// The first 63 bits as a number that is never negative, so that both database engines can keep and order it.
    #[must_use]
    pub fn id63(&self) -> i64 {
        let mut out = [0; 8];
        out.copy_from_slice(&self.0.finalize().as_bytes()[..8]);
        (u64::from_le_bytes(out) >> 1) as i64
    }

    /// All 256 bits, for what lets somebody in.
    #[must_use]
    pub fn id256(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }

    /// All 256 bits in hexadecimal, for files and secrets.
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let one = Digest::new("t").with(b"ab").with(b"c").id128();
        let other = Digest::new("t").with(b"a").with(b"bc").id128();
        assert_ne!(one, other);
    }

    #[test]
    fn the_same_parts_under_two_purposes_are_two_ids() {
        assert_ne!(Digest::new("touch").with(b"1").id63(), Digest::new("identity").with(b"1").id63());
    }

    #[test]
    fn in_one_stroke_or_part_by_part_the_digest_is_the_same() {
        for length in [0, 1, 63, 200, 480, 600, 5000] {
            let long = vec![b'x'; length];
            let digest = Digest::new("touch").with(b"tea").with(&long);
            assert_eq!(Digest::id128_of("touch", &[b"tea", &long]), digest.id128());
            assert_eq!(Digest::id63_of("touch", &[b"tea", &long]), digest.id63());
        }
    }

    #[test]
    fn a_63_bit_id_is_never_negative() {
        for n in 0..1000_u32 {
            assert!(Digest::new("x").with(&n.to_le_bytes()).id63() >= 0);
        }
    }
}

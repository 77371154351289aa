//! Luck that does not depend on what was asked before.
//!
//! A stream of random numbers gives other luck to a life in which one question more was asked. Here each question has its own
//! answer: a hash of the contact's key, the question and a number (a day, a post). The key comes from ChaCha8, seeded from (town's seed, contact).

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What is asked of the dice.
#[derive(Debug, Clone, Copy)]
pub(super) enum Roll {
    Read = 1,
    ReadHour,
    Respond,
    Click,
    Speak,
    Unfollow,
    Reached,
    Shown,
    ShownHour,
    Repost,
    Left,
    Shop,
    ShopHour,
    Door,
    Basket,
    Checkout,
    Parcel,
    Quality,
    Review,
    Complain,
    Answer,
    Scan,
    Care,
    Told,
    Lag,
    Account,
    Ask,
}

/// The dice of one contact.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of a contact, and a stream for what is asked of everybody once and in one order: who they are.
    pub(super) fn of(seed: u64, contact: u64) -> (Self, ChaCha8Rng) {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&contact.to_le_bytes());
        key[16..].copy_from_slice(b"one leaf of tea.");
        let mut stream = ChaCha8Rng::from_seed(key);
        (Self(stream.next_u64()), stream)
    }

    pub(super) fn bits(self, roll: Roll, n: u64) -> u64 {
        mix(self.0 ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (roll as u64).wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    /// A number from 0 (inside) to 1 (outside).
    pub(super) fn unit(self, roll: Roll, n: u64) -> f64 {
        unit(self.bits(roll, n))
    }

    pub(super) fn happens(self, roll: Roll, n: u64, chance: f64) -> bool {
        self.unit(roll, n) < chance
    }
}

/// 64 bits, well stirred (the finaliser of MurmurHash3, in Stafford's variant 13).
pub(super) fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

pub(super) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// One of a list, by some bits.
pub(super) fn pick<T>(list: &[T], bits: u64) -> &T {
    &list[(bits % list.len() as u64) as usize]
}

/// Nearly normal with mean 0 and variance 1: the sum of four of the bits' quarters. Its tails end at ±3.46, which is as odd as a parcel needs to be.
pub(super) fn bell(bits: u64) -> f64 {
    let sum: f64 = (0..4).map(|quarter| ((bits >> (16 * quarter)) & 0xffff) as f64 / 65_536.0).sum();
    (sum - 2.0) * 3_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dice_are_fair() {
        let (dice, _) = Dice::of(7, 42);
        let mean = (0..100_000).map(|n| dice.unit(Roll::Shop, n)).sum::<f64>() / 100_000.0;
        assert!((mean - 0.5).abs() < 0.005, "{mean}");
        let square = (0..100_000).map(|n| bell(dice.bits(Roll::Quality, n)).powi(2)).sum::<f64>() / 100_000.0;
        assert!((square - 1.0).abs() < 0.02, "{square}");
    }

    #[test]
    fn each_question_has_its_own_answer() {
        let (dice, _) = Dice::of(7, 42);
        assert_eq!(dice.bits(Roll::Read, 3), dice.bits(Roll::Read, 3));
        assert_ne!(dice.bits(Roll::Read, 3), dice.bits(Roll::Click, 3));
        assert_ne!(dice.bits(Roll::Read, 3), Dice::of(8, 42).0.bits(Roll::Read, 3));
    }
}

//! Who is whose friend, without a table.
//!
//! Contacts stand on a ring. Candidates for friendship are the neighbours at distance 1, 2, 3 and 5 (small circles: colleagues, dormitories) and two mirrored
//! places, `m - i` for two constants `m` of the town (far links; a mirror of a mirror is oneself, so both sides agree). A candidate is a
//! friend if a hash of the pair falls below the product of both people's sociability. So anyone's friends are found from their number alone.

use super::dice::{mix, unit};
use super::world::Town;

const NEAR: [u64; 4] = [1, 2, 3, 5];
const NEAR_CHANCE: f64 = 0.42;
const FAR_CHANCE: f64 = 0.30;
/// The share of pairs of neighbours (an even number and the next) who are a family with one telephone.
pub(super) const FAMILY_SHARE: f64 = 0.03;

impl Town {
    /// The friends of a contact, in ascending order. Symmetric: whoever is in your list has you in theirs.
    #[must_use]
    pub fn friends(&self, contact: u64) -> Vec<u64> {
        let count = self.contacts;
        let mut found = Vec::with_capacity(8);
        for distance in NEAR {
            let distance = distance % count;
            for other in [(contact + distance) % count, (contact + count - distance) % count] {
                if self.are_friends(contact, other, NEAR_CHANCE) {
                    found.push(other);
                }
            }
        }
        for mirror in 0..2 {
            let other = (mix(self.seed ^ (mirror + 77)) % count + count - contact % count) % count;
            if self.are_friends(contact, other, FAR_CHANCE) {
                found.push(other);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn are_friends(&self, one: u64, other: u64, chance: f64) -> bool {
        let pair = mix(self.seed ^ mix(one.min(other)).wrapping_add(one.max(other).wrapping_mul(0x9e37_79b9)));
        one != other && unit(pair) < chance * self.sociability(one) * self.sociability(other)
    }

    /// Between 0.5 and 2.5, most below 1.
    fn sociability(&self, contact: u64) -> f64 {
        0.5 + 2.0 * unit(mix(self.seed.rotate_left(17) ^ contact.wrapping_mul(0xa076_1d64_78bd_642f))).powi(4)
    }

    /// The contact with whom this one shares a telephone, if there is one.
    #[must_use]
    pub fn family(&self, contact: u64) -> Option<u64> {
        let other = contact ^ 1;
        let shared = unit(mix(self.seed.rotate_left(31) ^ (contact >> 1).wrapping_mul(0x8ebc_6af0_9c88_c6e3))) < FAMILY_SHARE;
        (shared && other < self.contacts).then_some(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn friendship_goes_both_ways() {
        for contacts in [1, 2, 5, 1_000] {
            let town = Town { contacts, ..Town::default() };
            for contact in 0..contacts {
                for friend in town.friends(contact) {
                    assert_ne!(friend, contact);
                    assert!(town.friends(friend).contains(&contact), "{contact} and {friend} of {contacts}");
                }
            }
        }
    }

    #[test]
    fn most_people_have_a_few_friends_and_some_have_many() {
        let town = Town::default();
        let counts: Vec<usize> = (0..5_000).map(|contact| town.friends(contact).len()).collect();
        let mean = counts.iter().sum::<usize>() as f64 / 5_000.0;
        assert!((1.5..6.0).contains(&mean), "{mean}");
        assert!(counts.contains(&0) && counts.iter().any(|count| *count >= 7));
    }
}

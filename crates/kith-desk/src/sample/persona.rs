//! Who a contact is: what nobody can see, and what decides the rest.

use kith_core::Language;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::campaigns::Aim;
use super::dice::{Dice, Roll, unit};
use super::topics::Topic;
use super::world::World;

/// The share of contacts that gets no care, at random.
pub(super) const CARE_HOLDOUT: f64 = 0.2;
/// The share of contacts that repost for prizes and hardly buy.
pub(super) const HUNTERS: f64 = 0.07;

/// A contact's hidden nature.
#[derive(Debug, Clone)]
pub(super) struct Persona {
    pub(super) number: u64,
    pub(super) dice: Dice,
    pub(super) language: Language,
    pub(super) woman: bool,
    /// Place in the list of cities.
    pub(super) city: usize,
    /// The day of their first touch; 0 for those who were there before.
    pub(super) joined: u16,
    /// Were they there before the town's first day?
    pub(super) old: bool,
    /// Which accounts they follow from their first day: Weibo, subscription, service.
    pub(super) follows: [bool; 3],
    /// Have they a login there at all?
    pub(super) weibo: bool,
    /// Chance to read a post of an account they follow.
    pub(super) attention: [f64; 3],
    /// Factor on each topic's appeal, mean about 1.
    pub(super) tastes: [f64; Topic::COUNT],
    /// Orders a day that they would place in an ordinary season, never having bought.
    pub(super) need: f64,
    /// 0 to 1: how much a coupon moves them.
    pub(super) thrift: f64,
    /// 0 to 1: how well they bear a late parcel.
    pub(super) patience: f64,
    /// Chance to tell one friend of one good parcel.
    pub(super) talk: f64,
    /// 0 to 1: how far down the price list they reach.
    pub(super) purse: f64,
    /// Minutes by which their day is later than other people's.
    pub(super) lateness: i64,
    pub(super) hunter: bool,
    pub(super) care_holdout: bool,
    /// Placements that can reach them, a bit each.
    pub(super) reached: u128,
    /// Campaigns of whose random holdout they are part, a bit each.
    pub(super) left_out: u64,
}

impl Persona {
    pub(super) fn new(world: &World, number: u64) -> Self {
        let (dice, mut stream) = Dice::of(world.town.seed, number);
        let normal = |mean: f64, deviation: f64, rng: &mut ChaCha8Rng| {
            let z: f64 = StandardNormal.sample(rng);
            mean + deviation * z
        };
        let rng = &mut stream;
        let hunter = chance(rng, HUNTERS);
        let (weibo, subscriber) = (hunter || chance(rng, 0.66), chance(rng, 0.42));
        let service = chance(rng, 0.24);
        let old = chance(rng, 0.38);
        // Later comers are more: the shop grows.
        let joined = if old { 0 } else { (next(rng).sqrt() * f64::from(world.days)) as u16 };
        let tastes = std::array::from_fn(|_| normal(-0.18, 0.6, rng).exp().min(4.0));
        let busy = normal(0.0, 1.15, rng);
        let need = normal(-7.9, 1.15, rng).exp().min(0.03) * if hunter { 0.2 } else { 1.0 };
        let english = chance(rng, 0.1);
        Self {
            number,
            dice,
            language: if english { Language::En } else { Language::Zh },
            woman: chance(rng, 0.58),
            city: (next(rng).powf(1.6) * super::words::CITIES.len() as f64) as usize,
            joined: joined.min(world.days - 1),
            old,
            follows: [weibo && (hunter || chance(rng, 0.85)), subscriber, service],
            weibo,
            attention: [0.029, 0.066, 0.15].map(|base: f64| (base * busy.exp()).min(0.7)),
            tastes,
            need,
            thrift: next(rng),
            patience: next(rng),
            talk: 0.02 + 0.25 * next(rng).powi(2),
            purse: next(rng).powf(1.7),
            lateness: (normal(0.0, 55.0, rng)) as i64,
            hunter,
            care_holdout: chance(rng, CARE_HOLDOUT),
            reached: reach(world, dice, weibo),
            left_out: (0..world.campaigns.len())
                .filter(|number| dice.happens(Roll::Left, *number as u64, world.campaigns[*number].holdout))
                .fold(0, |mask, number| mask | 1 << number),
        }
    }

    /// A second of the day: before work, at noon, most in the evening.
    pub(super) fn second(&self, bits: u64) -> i64 {
        let (middle, half) = match bits % 100 {
            0..18 => (8 * 60 + 10, 70),
            18..42 => (12 * 60 + 35, 60),
            42..88 => (21 * 60, 130),
            _ => (15 * 60, 420),
        };
        let spread = unit(bits << 7) + unit(bits << 23 ^ bits) - 1.0;
        let minutes = middle + self.lateness + (spread * f64::from(half)) as i64;
        minutes.rem_euclid(1_440) * 60 + (bits >> 58) as i64 % 60
    }

    pub(super) fn can_be_reached(&self, placement: usize) -> bool {
        self.reached >> placement & 1 == 1
    }

    pub(super) fn is_left_out(&self, campaign: usize) -> bool {
        self.left_out >> campaign & 1 == 1
    }
}

fn reach(world: &World, dice: Dice, weibo: bool) -> u128 {
    let mut mask = 0;
    for (number, planned) in world.placements.iter().enumerate() {
        if (planned.aim != Aim::Weibo || weibo) && dice.happens(Roll::Reached, number as u64, planned.reach) {
            mask |= 1 << number;
        }
    }
    mask
}

fn next(rng: &mut ChaCha8Rng) -> f64 {
    unit(rng.next_u64())
}

fn chance(rng: &mut ChaCha8Rng, share: f64) -> bool {
    next(rng) < share
}

//! The sample town: a tea shop that does not exist, its customers, and the truth about both.
//!
//! 一叶茶 (One Leaf Tea) sells tea on the web, speaks on Weibo, writes a WeChat subscription account and answers on a WeChat
//! service account. Its contacts live eighteen months, day by day, and what they do is written down as touches, just as the
//! platforms would export it. What no platform can export is written down too: what *would* have happened otherwise. So
//! every figure that Kith calls caused can be held against what was caused.
//!
//! # The world, in one page
//!
//! - **A day of a contact** ([`life`]) has four hours: read the posts of the accounts they follow, meet advertisements
//!   ([`seeing`]), hear of the tea from a friend, and perhaps go shopping ([`shopping`]). Parcels, reviews, complaints and care
//!   ([`after`]) come later by themselves.
//! - **Wanting tea** is a rate per day: need × season × mood × (how long the last tin lasts) × care × (1 + interest). One number is
//!   drawn a day; below the rate it is an order, somewhat above it a cart, above that a look around. Interest comes from
//!   what one reads, is shown and hears, and halves in about five days.
//! - **Topics tire** ([`topics`]): of each topic a reader carries a wear `w`. A reading adds 1, `h` days halve it, and the chance of a response is
//!   `taste × appeal × d^w`. `d` and `h` per topic are true parameters.
//! - **Campaigns** ([`campaigns`]) show on several placements. Each showing adds the campaign's push to interest, and whoever was shown it
//!   has its coupon. Two placements only harvest: brand search stands at the door through which buyers come anyway, and retargeting follows those
//!   who just looked. Last touch loves both; their true push is near nothing. Some campaigns leave a share of people out at random.
//! - **Care** is three messages after a delivery, to followers of the service account. A fifth of all contacts never gets it,
//!   by a throw of the dice; for everybody else it multiplies the wish to order again.
//! - **Word of mouth** travels on a graph of friends ([`friends`]): near neighbours on a ring and two mirrored far links, so that anyone's friends
//!   can be named without a table. Whoever liked a parcel may tell a friend, and hearing it is worth several advertisements.
//! - **Prize hunters** repost for prizes and hardly buy. **Late parcels** cost stars, complaints and the next order. **Unanswered** complaints
//!   cost more.
//! - **Logins** ([`logins`]): one person has up to four of them and the rows that link them; some families share a telephone; some people can never be linked.
//!
//! # Why it can be of any size
//!
//! Every draw is a hash of (town's seed, contact, question, day) ([`dice`]), never "the next number". So a contact can be lived alone, on
//! any thread, in any order, and again without a campaign, with the *same* luck: the difference of the two lives is that campaign's
//! true effect on that person (common random numbers). Word of mouth needs other people, and goes one step deep: a contact hears what friends
//! tell of the orders that those friends would have made *without* having heard anything themselves ("first-hand" orders). Those are found by living the
//! friends' lives without words, which asks nobody else. Chains of words are therefore one step long, and the truth is exactly that of this world.
//!
//! What the truth of a campaign or of care is: the *direct* effect on the people themselves, one thing taken away at a time, while friends tell what they told. What it
//! brings through friends stands under word of mouth; and because a coupon and a message may move the same order, the effects do not add up.
//!
//! What is kept out on purpose: campaigns do not make people arrive (a follow that carries a campaign came through its link, and would have come anyway), and bad
//! words do not travel.
//!
//! Pure: no input, no output, no clock. [`World::contacts`] gives a block of contacts, [`World::stream`] all of them through a callback on several threads,
//! [`export`] writes what platforms would export.

mod after;
mod batch;
mod campaigns;
mod catalogue;
mod dice;
pub mod export;
mod friends;
mod insights;
mod life;
mod logins;
mod persona;
mod posts;
mod seeing;
mod shopping;
#[cfg(test)]
mod tests;
mod topics;
mod touches;
mod truth;
mod words;
mod world;

pub use batch::{Batch, Shown, ShownWhat};
pub use campaigns::{Aim, PlannedCampaign, PlannedPlacement};
pub use insights::Tally;
pub use posts::PlannedPost;
pub use topics::Topic;
pub use truth::{CampaignTruth, CareTruth, LatenessTruth, PlacementTruth, TopicTruth, Truth, TruthPart, WordTruth};
pub use world::{Town, TownError, World};

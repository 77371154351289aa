//! A block of contacts, and the whole town as a stream of blocks on several threads.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::mpsc::sync_channel;

use kith_core::{Identity, Instant, Link, Record, Touch};

use super::after::{note_referrals, words_of};
use super::insights::Tally;
use super::life::{CareRule, Life, REORDER_DAYS, Scenario, Word, live};
use super::logins::Logins;
use super::persona::Persona;
use super::truth::{TruthPart, micro};
use super::world::World;

/// What some contacts did, who they are on each channel, and the truth about them.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub touches: Vec<Touch>,
    pub identities: Vec<Identity>,
    pub links: Vec<Link>,
    /// Profiles, cases and consents.
    pub records: Vec<Record>,
    /// What platforms would count of these touches, for [`World::insights`].
    pub tally: Tally,
    pub truth: TruthPart,
}

/// Somebody was shown something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub contact: u64,
    pub at: Instant,
    pub what: ShownWhat,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownWhat {
    /// By its place in [`World::posts`].
    Post(usize),
    /// By its place in [`World::placements`]; also those that no data shows.
    Placement(usize),
}

/// Contacts that are lived together, so that what neighbours tell each other is found once.
const BLOCK: u64 = 512;

impl World {
    /// Lives the contacts of a range. May be called from several threads, in any order: the touches are the same.
    #[must_use]
    pub fn contacts(&self, range: Range<u64>) -> Batch {
        let mut batch = Batch { truth: TruthPart::empty(self), ..Batch::default() };
        self.each_life(range, |person, life, alone| {
            let logins = Logins::of(self, person, life);
            logins.write(self, person, life, &mut batch);
            self.write_touches(person, life, &logins, &mut batch.touches);
            batch.tally.count(self, life);
            self.add_truth(person, life, alone, &mut batch.truth);
        });
        batch
    }

    /// Lives everybody on so many threads and hands over the blocks in order, each of `block` contacts. At most two blocks a thread are held in
    /// memory, however large the town is. Stops at the callback's first error.
    pub fn stream<E>(&self, threads: usize, block: u64, mut take: impl FnMut(Batch) -> Result<(), E>) -> Result<(), E> {
        self.stream_blocks(threads, block, |range| self.contacts(range), &mut take)
    }

    /// The same for anything that can be made of a block.
    pub(super) fn stream_blocks<T: Send, E>(
        &self,
        threads: usize,
        block: u64,
        make: impl Fn(Range<u64>) -> T + Sync,
        take: &mut dyn FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let (threads, block) = (threads.max(1) as u64, block.max(1));
        let blocks = self.town.contacts.div_ceil(block);
        std::thread::scope(|scope| {
            let mut lanes = Vec::new();
            for lane in 0..threads {
                let (give, get) = sync_channel(1);
                let make = &make;
                scope.spawn(move || {
                    for number in (lane..blocks).step_by(threads as usize) {
                        let range = number * block..((number + 1) * block).min(self.town.contacts);
                        // Nobody listens any more: the callback has refused a block.
                        if give.send(make(range)).is_err() {
                            return;
                        }
                    }
                });
                lanes.push(get);
            }
            for number in 0..blocks {
                match lanes[(number % threads) as usize].recv() {
                    Ok(made) => take(made)?,
                    Err(_) => break,
                }
            }
            Ok(())
        })
    }

    /// Calls back with each contact's life as it was, and with the life as it had been without words of friends where that is another one.
    pub(super) fn each_life(&self, range: Range<u64>, mut each: impl FnMut(&Persona, &Life, Option<&Life>)) {
        let mut from = range.start;
        while from < range.end {
            let until = (from + BLOCK).min(range.end);
            self.each_life_of_block(from..until, &mut each);
            from = until;
        }
    }

    fn each_life_of_block(&self, block: Range<u64>, each: &mut impl FnMut(&Persona, &Life, Option<&Life>)) {
        let mut told: HashMap<u64, Vec<Word>> = HashMap::new();
        let mut lived: HashMap<u64, (Persona, Life)> = HashMap::new();
        // The first-hand life: without words of others, so that nobody else is asked.
        let firsthand = |number| {
            let person = Persona::new(self, number);
            let life = live(self, &person, Scenario::FACTUAL, &[]);
            let words = words_of(self, &person, &life);
            (person, life, words)
        };
        for number in block.clone() {
            let (person, alone) = lived.remove(&number).unwrap_or_else(|| {
                let (person, life, words) = firsthand(number);
                told.insert(number, words);
                (person, life)
            });
            let mut heard = Vec::new();
            for friend in self.town.friends(number) {
                let words = told.entry(friend).or_insert_with(|| {
                    let (person, life, words) = firsthand(friend);
                    if block.contains(&friend) && friend > number {
                        lived.insert(friend, (person, life));
                    }
                    words
                });
                heard.extend(words.iter().filter(|word| word.to == number && word.day >= person.joined));
            }
            heard.sort_unstable();
            let own = told.get(&number).map_or(&[][..], Vec::as_slice);
            if heard.is_empty() {
                let mut life = alone;
                note_referrals(self, &person, own, &mut life);
                each(&person, &life, None);
            } else {
                let mut life = live(self, &person, Scenario::FACTUAL, &heard);
                note_referrals(self, &person, own, &mut life);
                // The other lives of the truth hear the same words.
                life.heard = heard;
                each(&person, &life, Some(&alone));
            }
        }
    }

    fn add_truth(&self, person: &Persona, life: &Life, alone: Option<&Life>, truth: &mut TruthPart) {
        let end = self.end();
        let (orders, revenue) = life.sales(end);
        truth.contacts += 1;
        truth.touches += life.happenings.len() as i64;
        truth.buyers += i64::from(orders > 0);
        truth.orders += orders;
        truth.revenue += revenue;
        truth.hunters += i64::from(person.hunter);
        truth.hunter_orders += if person.hunter { orders } else { 0 };
        truth.friendships += self.town.friends(person.number).into_iter().filter(|friend| *friend > person.number).count() as i64;
        truth.add_topics(&life.topics);
        for (_, placement) in &life.shown {
            truth.showings[*placement] += 1;
        }
        for order in life.orders.iter().filter(|order| order.stars > 0) {
            truth.parcels += 1;
            if order.late {
                truth.late += 1;
                truth.late_stars += i64::from(order.stars);
                truth.late_stars_in_time += i64::from(order.stars_in_time);
            }
        }
        for (number, part) in truth.campaigns.iter_mut().enumerate() {
            part.left_out += i64::from(person.is_left_out(number));
            if life.exposed >> number & 1 == 1 {
                let other = live(self, person, Scenario { without: Some(number), ..Scenario::FACTUAL }, &life.heard);
                let (their_orders, their_revenue) = other.sales(end);
                part.exposed += 1;
                part.orders += orders - their_orders;
                part.revenue += revenue - their_revenue;
            }
        }
        if let Some(alone) = alone {
            let (their_orders, their_revenue) = alone.sales(end);
            truth.words_heard += i64::from(life.words_heard);
            truth.word_hearers += 1;
            truth.word_orders += orders - their_orders;
            truth.word_revenue += revenue - their_revenue;
        }
        self.add_care(person, life, (orders, revenue), truth);
    }

    /// Lives the other arm of the experiment for everybody to whom care could apply.
    fn add_care(&self, person: &Persona, life: &Life, (orders, revenue): (i64, i64), truth: &mut TruthPart) {
        let Some(delivered) = life.care_from else { return };
        let care = if person.care_holdout { CareRule::Always } else { CareRule::Never };
        let other = live(self, person, Scenario { without: None, care }, &life.heard);
        if !person.care_holdout {
            let (their_orders, their_revenue) = other.sales(self.end());
            truth.care.orders += orders - their_orders;
            truth.care.revenue += revenue - their_revenue;
        }
        if delivered + REORDER_DAYS >= self.days {
            return;
        }
        let arm = usize::from(!person.care_holdout);
        let (here, there) = (i64::from(life.ordered_again(delivered)), i64::from(other.ordered_again(delivered)));
        truth.care.eligible[arm] += 1;
        truth.care.reordered[arm] += here;
        truth.care.reorders_with += if person.care_holdout { there } else { here };
        truth.care.reorders_without += if person.care_holdout { here } else { there };
    }

    /// Who was shown what among these contacts: posts that they read and placements that they met, also those that leave no trace in the data.
    pub fn shown(&self, range: Range<u64>, mut each: impl FnMut(Shown)) {
        self.each_life(range, |person, life, _| {
            let reads = life.happenings.iter().filter(|h| h.kind == kith_core::TouchKind::Read);
            let posts = reads.filter_map(|read| Some((read.at, ShownWhat::Post(read.post?))));
            let met = life.shown.iter().map(|(at, placement)| (*at, ShownWhat::Placement(*placement)));
            for (at, what) in posts.chain(met) {
                if let Ok(at) = Instant::from_seconds(at) {
                    each(Shown { contact: person.number, at, what });
                }
            }
        });
    }

    /// Pairs of friends, the smaller number first.
    pub fn friendships(&self, range: Range<u64>) -> impl Iterator<Item = (u64, u64)> + '_ {
        range.flat_map(|one| self.town.friends(one).into_iter().filter(move |other| *other > one).map(move |other| (one, other)))
    }

    pub fn prize_hunters(&self, range: Range<u64>) -> impl Iterator<Item = u64> + '_ {
        range.filter(|number| Persona::new(self, *number).hunter)
    }

    /// Who gets no care, at random.
    pub fn care_holdout(&self, range: Range<u64>) -> impl Iterator<Item = u64> + '_ {
        range.filter(|number| Persona::new(self, *number).care_holdout)
    }

    /// Who is shown nothing of a campaign, at random: contact, and the campaign's place in [`World::campaigns`].
    pub fn campaign_holdouts(&self, range: Range<u64>) -> impl Iterator<Item = (u64, usize)> + '_ {
        range.flat_map(|number| {
            let person = Persona::new(self, number);
            (0..self.campaigns.len())
                .filter(move |campaign| person.is_left_out(*campaign))
                .map(move |campaign| (number, campaign))
        })
    }

    /// The hidden taste of a contact for each topic, in millionths of the average appeal.
    #[must_use]
    pub fn tastes(&self, contact: u64) -> [i64; super::Topic::COUNT] {
        Persona::new(self, contact).tastes.map(micro)
    }
}

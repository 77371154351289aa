//! After the sale: the parcel comes, is judged, told about, complained of; and the shop cares, or does not.

use kith_core::TouchKind;

use super::dice::{Roll, bell, mix, unit};
use super::life::{CareRule, CaseStory, Extra, Later, Life, Living, Via, Word};
use super::persona::Persona;
use super::words::Speech;
use super::world::{Place, World};

/// How many times more a customer in care wants to order again.
pub(super) const CARE_FACTOR: f64 = 1.5;
/// Days after the delivery on which the three messages go out, and until when they are felt.
const CARE_DAYS: [u16; 3] = [3, 14, 30];
const CARE_UNTIL: u16 = 80;
/// Interest from what a friend tells.
pub(super) const WORD_PUSH: f64 = 9.0;
/// Stars that a late parcel costs the most impatient; the most patient bear it for a quarter of that.
pub(super) const LATE_STARS: f64 = 1.9;
/// Factor on the mood of who complained and was not answered.
pub(super) const IGNORED_MOOD: f64 = 0.5;

impl Living<'_> {
    /// What is due today.
    pub(super) fn what_comes(&mut self) {
        let mut next = 0;
        while next < self.later.len() {
            if self.later[next].0 != self.day {
                next += 1;
                continue;
            }
            match self.later.swap_remove(next).1 {
                Later::Delivered(order) => self.parcel_comes(order),
                Later::Care(order, message) => self.care(order, message),
                Later::Ignored => self.mood *= IGNORED_MOOD,
            }
        }
    }

    fn parcel_comes(&mut self, order: usize) {
        let (dice, story) = (self.person.dice, self.life.orders[order]);
        // Everything about an order is drawn by the day it was placed, so that it is the same order in every world.
        let n = u64::from(story.day);
        let quality = 4.55 + 0.8 * bell(dice.bits(Roll::Quality, n));
        let cost = if story.late { LATE_STARS * (1.0 - 0.75 * self.person.patience) } else { 0.0 };
        let stars = |opinion: f64| opinion.round().clamp(1.0, 5.0) as u8;
        let (given, in_time) = (stars(quality - cost), stars(quality));
        (self.life.orders[order].stars, self.life.orders[order].stars_in_time) = (given, in_time);
        self.mood = (self.mood * (0.28 * (f64::from(given) - 4.2)).exp()).clamp(0.1, 2.0);
        let at = self.at(9 * 3_600 + (dice.bits(Roll::Parcel, n ^ 1 << 30) % 36_000) as i64);
        let days_late = u8::try_from(i64::from(self.day) - i64::from(story.day) - 4).unwrap_or(0);
        let promised = self.world.epoch + (i64::from(story.day) + 4) * 86_400 + 86_399;
        let delivery = self.push(at, TouchKind::Delivery, Place::Shop);
        delivery.order = Some((order, 0));
        delivery.promised = Some(promised);
        delivery.extra = (days_late > 0).then_some(Extra::DaysLate(days_late));
        if !self.follows[2] && dice.happens(Roll::Scan, n | 1 << 32, 0.38) {
            self.push(at + 4_000, TouchKind::Scan, Place::Service).via = Some(Via::Medium(Place::Shop.medium()));
            self.push(at + 4_010, TouchKind::Follow, Place::Service).via = Some(Via::Medium(Place::Shop.medium()));
            self.life.consents.push((at + 4_010, true));
            self.follows[2] = true;
        }
        self.review(order, at, given);
        self.complain(order, at, given);
        if self.follows[2] {
            self.life.care_from = self.life.care_from.or(Some(self.day));
            let cared_for = match self.scenario.care {
                CareRule::AsAssigned => !self.person.care_holdout,
                CareRule::Never => false,
                CareRule::Always => true,
            };
            if cared_for {
                self.later
                    .extend(CARE_DAYS.iter().zip(0..).map(|(days, message)| (self.day + days, Later::Care(order, message))));
            }
        }
    }

    fn review(&mut self, order: usize, delivered: i64, stars: u8) {
        let story = self.life.orders[order];
        let n = u64::from(story.day);
        let keen = if matches!(stars, 3 | 4) { 0.30 } else { 0.42 };
        if !self.person.dice.happens(Roll::Review, n, keen) {
            return;
        }
        let bits = self.person.dice.bits(Roll::Review, n | 1 << 33);
        let at = delivered + 20_000 + (bits % 400_000) as i64;
        let review = self.push(at, TouchKind::Review, Place::Shop);
        (review.order, review.score) = (Some((order, 0)), Some(stars));
        review.speech = Some(Speech::review(stars, story.late, bits));
        if self.person.weibo && unit(mix(bits)) < self.person.talk {
            let kind = if stars == 5 { TouchKind::Praise } else { TouchKind::Mention };
            self.push(at + 900, kind, Place::Weibo).speech = Some(Speech::mention(stars, mix(bits ^ 3)));
        }
    }

    fn complain(&mut self, order: usize, delivered: i64, stars: u8) {
        let (story, dice) = (self.life.orders[order], self.person.dice);
        let n = u64::from(story.day);
        let angry = match stars {
            1 | 2 => 0.55,
            3 => 0.14,
            _ => 0.01,
        };
        let chance = angry + if story.late { 0.15 * (1.0 - self.person.patience) } else { 0.0 };
        if !dice.happens(Roll::Complain, n, chance) {
            return;
        }
        let bits = dice.bits(Roll::Complain, n | 1 << 34);
        let at = delivered + 1_800 + (bits % 90_000) as i64;
        let place = match unit(mix(bits)) {
            ..0.5 if self.person.weibo => Place::Weibo,
            _ if self.follows[2] => Place::Service,
            _ => Place::Shop,
        };
        let speech = Speech::complaint(story.late, bits);
        let complaint = self.push(at, TouchKind::Complaint, place);
        (complaint.order, complaint.speech) = (Some((order, 0)), Some(speech));
        let luck = dice.bits(Roll::Answer, n);
        let answered = (unit(luck) < 0.74).then(|| at + 900 + (unit(mix(luck)).powi(3) * 60.0 * 3_600.0) as i64);
        let about_money = unit(mix(luck ^ 5)) < 0.35;
        self.life.cases.push(CaseStory { at, answered, place, order, speech, about_money });
        match answered {
            Some(at) => {
                let answer = self.push(at, TouchKind::Sent, place);
                (answer.order, answer.extra, answer.speech) =
                    (Some((order, 0)), Some(Extra::Reply), Some(Speech::apology(mix(luck ^ 7))));
                if about_money {
                    let back = if mix(luck ^ 8).is_multiple_of(3) { story.value } else { story.value * 3 / 10 };
                    let refund = self.push(at + 30_000, TouchKind::Refund, Place::Shop);
                    (refund.order, refund.value) = (Some((order, 0)), Some(back.max(1)));
                }
            }
            None => self.later.push((self.day + 4, Later::Ignored)),
        }
    }

    /// One message of care. It goes only to who still follows, and works from the first on.
    fn care(&mut self, order: usize, message: u8) {
        if !self.follows[2] {
            return;
        }
        let n = u64::from(self.life.orders[order].day) << 8 | u64::from(message);
        let bits = self.person.dice.bits(Roll::Care, n);
        let at = self.at(10 * 3_600 + (bits % 28_000) as i64);
        let care = self.push(at, TouchKind::Care, Place::Service);
        (care.order, care.speech) = (Some((order, 0)), Some(Speech::care(message, bits)));
        if unit(bits) < 0.16 {
            self.push(at + 700 + (bits % 9_000) as i64, TouchKind::Message, Place::Service).speech =
                Some(Speech::thanks(mix(bits)));
        }
        if message == 0 {
            self.cared = (self.day, self.day - CARE_DAYS[0] + CARE_UNTIL);
        }
    }
}

/// Whom a contact tells of the orders of a life without words, and on which day. A friend is told once of an order.
pub(super) fn words_of(world: &World, person: &Persona, firsthand: &Life) -> Vec<Word> {
    let mut words = Vec::new();
    let good = firsthand.orders.iter().filter(|order| !order.cancelled && order.stars >= 4);
    for order in good {
        let Some(delivered) = order.delivered else { continue };
        for friend in world.town.friends(person.number) {
            let n = u64::from(order.day) ^ friend << 12;
            if person.dice.happens(Roll::Told, n, person.talk * if order.stars == 5 { 1.6 } else { 0.8 }) {
                let bits = person.dice.bits(Roll::Lag, n);
                let day = delivered + 1 + (bits % 12) as u16;
                if day < world.days {
                    words.push(Word { day, from: person.number, to: friend, coded: mix(bits) % 100 < 55 });
                }
            }
        }
    }
    words
}

/// Writes the codes that a contact passed on into the contact's own life.
pub(super) fn note_referrals(world: &World, person: &Persona, words: &[Word], life: &mut Life) {
    for word in words.iter().filter(|word| word.coded) {
        let at = world.epoch + i64::from(word.day) * 86_400 + 30_000 + (person.dice.bits(Roll::Lag, word.to) % 40_000) as i64;
        life.happenings.push(super::life::Happening {
            at,
            kind: TouchKind::Referral,
            place: Place::Shop,
            via: None,
            post: None,
            order: None,
            value: None,
            item: None,
            score: None,
            promised: None,
            speech: None,
            extra: Some(Extra::Code(person.number)),
        });
    }
    life.finish(world.end());
}

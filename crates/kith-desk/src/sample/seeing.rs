//! What people see: posts of the accounts they follow, and advertisements.

use kith_core::TouchKind;

use super::campaigns::Aim;
use super::dice::Roll;
use super::life::{Extra, Living, Via};
use super::topics::Topic;
use super::truth::micro;
use super::words::Speech;
use super::world::Place;

/// Interest from following a post's link.
const CLICK_PUSH: f64 = 0.6;
/// Interest from just reading an ordinary post of one's taste.
const READ_PUSH: f64 = 0.03;

impl Living<'_> {
    /// Reads today's posts of followed accounts, and answers some of them.
    pub(super) fn read_posts(&mut self) {
        if self.follows == [false; 3] {
            return;
        }
        for number in self.world.posts_of_day[usize::from(self.day)].clone() {
            let glance = self.world.glances[number];
            let campaign = glance.campaign.map(usize::from);
            if !self.follows[glance.place as usize] || campaign.is_some_and(|campaign| self.is_away(campaign)) {
                continue;
            }
            let keen = if self.person.hunter && glance.prizes { 8.0 } else { 1.0 };
            let attention = (self.person.attention[glance.place as usize] * keen).min(0.85);
            if self.person.dice.happens(Roll::Read, number as u64, attention) {
                self.read(number);
            }
        }
    }

    fn read(&mut self, number: usize) {
        let (world, dice) = (self.world, self.person.dice);
        let (post, n) = (&world.posts[number], number as u64);
        let lag = (dice.unit(Roll::ReadHour, n).powi(2) * 4.0 * 3_600.0) as i64;
        let at = self.at((i64::from(post.second) + 20 + lag).min(86_380));
        let worn = self.wear.factor(post.topic, self.day);
        let nature = post.topic.nature();
        let fresh = (self.person.tastes[post.topic as usize] * nature.appeal * post.craft).min(0.9);
        let part = &mut self.life.topics[post.topic as usize];
        part.reads += 1;
        part.fresh_micro += micro(fresh);
        part.worn_micro += micro(fresh * worn);
        self.push(at, TouchKind::Read, post.place).post = Some(number);
        if let Some(campaign) = post.campaign {
            self.show_own_post(campaign, post.place, at);
        } else {
            self.interest += READ_PUSH * self.person.tastes[post.topic as usize] * worn;
        }
        let draw = dice.unit(Roll::Respond, n);
        if draw < fresh * worn {
            self.life.topics[post.topic as usize].responses += 1;
            self.respond(number, at, draw / (fresh * worn));
        }
        if self.person.hunter && post.topic == Topic::Prizes && dice.happens(Roll::Repost, n, 0.6) {
            let repost = self.push(at + 15, TouchKind::Repost, Place::Weibo);
            (repost.post, repost.extra) = (Some(number), Some(Extra::Prize));
            repost.speech = Some(Speech::prize(dice.bits(Roll::Speak, n ^ 1 << 40)));
        }
        let click =
            self.person.tastes[post.topic as usize] * nature.click * worn * if post.campaign.is_some() { 1.6 } else { 1.0 };
        if dice.happens(Roll::Click, n, click) {
            self.follow_link(number, at + 25 + lag % 60);
        }
        let tired = 0.0012 + 0.011 * (1.0 - worn);
        if dice.happens(Roll::Unfollow, n, tired) {
            self.unfollow(post.place, at + 70);
        }
        self.wear.read(post.topic, self.day);
    }

    /// `share` is even between 0 and 1: it decides how the reader answers.
    fn respond(&mut self, number: usize, at: i64, share: f64) {
        let post = &self.world.posts[number];
        let dice = self.person.dice.bits(Roll::Speak, number as u64);
        let weibo = post.place == Place::Weibo;
        let (kind, speech) = match share {
            ..0.62 => (TouchKind::Like, None),
            ..0.72 => (TouchKind::Favourite, None),
            ..0.84 => (TouchKind::Repost, weibo.then(|| Speech::repost(post.topic, dice))),
            _ => (TouchKind::Comment, Some(Speech::comment(post.topic, dice))),
        };
        let answer = self.push(at + 12 + (dice % 90) as i64, kind, post.place);
        (answer.post, answer.speech) = (Some(number), speech);
    }

    fn follow_link(&mut self, number: usize, at: i64) {
        let post = &self.world.posts[number];
        let via = post
            .campaign
            .and_then(|campaign| self.own_placement(campaign, post.place))
            .map_or(Via::Medium(post.place.medium()), Via::Placement);
        let click = self.push(at, TouchKind::Click, post.place);
        (click.post, click.via) = (Some(number), Some(via));
        let place = self.shop_place();
        let visit = self.push(at + 4, TouchKind::Visit, place);
        (visit.post, visit.via) = (Some(number), Some(via));
        self.browsed = Some(self.day);
        self.drawn(via, CLICK_PUSH, None, at + 4);
        // Won on Weibo, moved to WeChat: a QR code under the post.
        if post.place == Place::Weibo && !self.follows[1] && self.person.dice.happens(Roll::Scan, number as u64, 0.12) {
            self.push(at + 50, TouchKind::Scan, Place::Subscription).via = Some(via);
            self.push(at + 58, TouchKind::Follow, Place::Subscription).via = Some(via);
            self.follows[1] = true;
        }
    }

    fn unfollow(&mut self, place: Place, at: i64) {
        self.follows[place as usize] = false;
        self.push(at, TouchKind::Unfollow, place);
        if place == Place::Service {
            self.life.consents.push((at, false));
        }
    }

    /// The placement that stands for a campaign's own posts on a channel.
    fn own_placement(&self, campaign: usize, place: Place) -> Option<usize> {
        self.world.placements.iter().position(|planned| {
            planned.campaign == campaign && planned.aim == Aim::OwnPosts && planned.placement.medium.as_str() == place.channel()
        })
    }

    fn show_own_post(&mut self, campaign: usize, place: Place, at: i64) {
        if let Some(placement) = self.own_placement(campaign, place) {
            self.expose(placement, at);
        }
        self.life.exposed |= 1 << campaign;
    }

    /// Meets today's advertisements.
    pub(super) fn meet_placements(&mut self) {
        let world = self.world;
        for &number in &world.placements_of_day[usize::from(self.day)] {
            if !self.person.can_be_reached(number) {
                continue;
            }
            let planned = &world.placements[number];
            if self.is_away(planned.campaign) {
                continue;
            }
            // About two showings to each whom a placement reaches, however long it runs.
            let (from, until) = world.campaigns[planned.campaign].days;
            let daily = 2.0 / f64::from(until - from + 1);
            let chance = match planned.aim {
                Aim::Unseen | Aim::Weibo => daily,
                Aim::Service if self.follows[2] && (self.day == from || self.day + 2 == until) => 1.0,
                Aim::Retargeting if self.is_just_looking() => 0.35,
                _ => continue,
            };
            if self.person.dice.happens(Roll::Shown, (number as u64) << 16 | u64::from(self.day), chance) {
                self.meet(number);
            }
        }
    }

    /// Does a campaign not exist for this contact, in this world?
    pub(super) fn is_away(&self, campaign: usize) -> bool {
        self.scenario.without == Some(campaign) || self.person.is_left_out(campaign)
    }

    fn is_just_looking(&self) -> bool {
        let recent = self.browsed.is_some_and(|day| self.day > day && self.day - day <= 7);
        recent && self.last_order.is_none_or(|order| self.browsed.is_some_and(|day| day > order))
    }

    fn meet(&mut self, number: usize) {
        let n = (number as u64) << 16 | u64::from(self.day);
        let (planned, dice) = (&self.world.placements[number], self.person.dice);
        let hour = dice.bits(Roll::ShownHour, n);
        let at = self.at(self.person.second(hour).min(82_000));
        let topic = self.world.campaigns[planned.campaign].topic;
        let (seen, eager) = match planned.aim {
            Aim::Weibo => (Some((TouchKind::Impression, Place::Weibo)), 0.035),
            Aim::Service => (Some((TouchKind::Sent, Place::Service)), 0.09),
            Aim::Retargeting => (Some((TouchKind::Impression, Place::Web)), 0.14),
            _ => (None, 0.045),
        };
        if let Some((kind, place)) = seen {
            let speech = (kind == TouchKind::Sent).then(|| Speech::broadcast(hour));
            let showing = self.push(at, kind, place);
            (showing.via, showing.speech) = (Some(Via::Placement(number)), speech);
        }
        self.expose(number, at);
        if dice.happens(Roll::Click, n | 1 << 60, eager * self.person.tastes[topic as usize]) {
            let place = self.shop_place();
            self.push(at + 9, TouchKind::Visit, place).via = Some(Via::Placement(number));
            self.browsed = Some(self.day);
            self.moved_at = self.moved_at.max(at + 9);
        }
    }

    /// Somebody was shown a placement: their interest rises by the campaign's push.
    fn expose(&mut self, number: usize, at: i64) {
        let planned = &self.world.placements[number];
        let campaign = &self.world.campaigns[planned.campaign];
        self.life.shown.push((at, number));
        self.life.exposed |= 1 << planned.campaign;
        let liking = 0.5 + 0.5 * self.person.tastes[campaign.topic as usize];
        self.drawn(Via::Placement(number), campaign.push * planned.force * liking, None, at);
    }
}

//! Wanting tea, looking around, and buying it.

use kith_core::TouchKind;

use super::campaigns::Aim;
use super::catalogue::ITEMS;
use super::dice::{Roll, mix, pick, unit};
use super::life::{Extra, Later, Living, OrderStory, Via};
use super::words::Speech;
use super::world::{DIRECT, ORGANIC, Place, SEARCH};

/// Who has bought once wants tea so many times more.
const CUSTOMER: f64 = 3.4;
/// Even who hardly wants tea may be moved: orders a day for each unit of interest.
const IMPULSE: f64 = 0.000_02;
/// How much a coupon of 100% would move the thriftiest.
const COUPON: f64 = 5.0;
/// Days after the order at whose end the parcel is promised.
const PROMISED_DAYS: i64 = 4;

impl Living<'_> {
    /// One number a day: an order, a cart, a look around, or nothing.
    pub(super) fn go_shopping(&mut self) {
        let rate = self.rate();
        let draw = self.person.dice.unit(Roll::Shop, u64::from(self.day));
        if draw < rate {
            self.order();
        } else if draw < 4.5 * rate + 0.000_3 {
            self.look_around(draw < 2.0 * rate);
        }
    }

    /// Orders a day that this contact would place now.
    fn rate(&self) -> f64 {
        let day = usize::from(self.day);
        let again = self.last_order.map_or(1.0, |last| CUSTOMER * tin(self.day - last));
        let cared = (self.cared.0..self.cared.1).contains(&self.day);
        let care = if cared { super::after::CARE_FACTOR } else { 1.0 };
        let coupon = 1.0 + COUPON * self.person.thrift * self.coupon();
        let wish = self.person.need * self.world.season[day] * self.mood * again * care * coupon * (1.0 + self.interest);
        (wish + IMPULSE * self.interest).min(0.5)
    }

    /// The share that a coupon takes off today: of the running campaigns that this contact was shown.
    fn coupon(&self) -> f64 {
        if self.life.exposed == 0 {
            return 0.0;
        }
        let shown = |(number, _): &(usize, &super::PlannedCampaign)| self.life.exposed >> number & 1 == 1;
        let running =
            self.world.campaigns.iter().enumerate().filter(shown).filter(|(_, c)| (c.days.0..=c.days.1).contains(&self.day));
        running.map(|(_, campaign)| campaign.discount).fold(0.0, f64::max)
    }

    /// Before the first order people come as a device; later most are logged in.
    pub(super) fn shop_place(&self) -> Place {
        let known = self.last_order.is_some() && self.person.dice.happens(Roll::Account, u64::from(self.day), 0.7);
        if known { Place::Shop } else { Place::Web }
    }

    fn when(&self) -> i64 {
        let wished = self.at(self.person.second(self.person.dice.bits(Roll::ShopHour, u64::from(self.day))).clamp(1_500, 85_500));
        wished.max(self.moved_at + 1_300)
    }

    fn look_around(&mut self, cart: bool) {
        let (at, via, place) = (self.when(), self.door().0, self.shop_place());
        self.note_search(via, at);
        self.push(at, TouchKind::Visit, place).via = Some(via);
        self.browsed = Some(self.day);
        let bits = self.person.dice.bits(Roll::Ask, u64::from(self.day));
        if cart {
            let item = self.choose(bits);
            self.push(at + 200, TouchKind::Cart, place).item = Some((item, 1));
        }
        if unit(bits) < 0.05 {
            self.ask(at + 420, bits);
        }
    }

    /// A question before buying: in public where they can, else by message. The shop answers.
    fn ask(&mut self, at: i64, bits: u64) {
        let place = if self.person.weibo {
            Place::Weibo
        } else if self.follows[2] {
            Place::Service
        } else {
            return;
        };
        self.push(at, TouchKind::Question, place).speech = Some(Speech::question(bits));
        let answer = self.push(at + 600 + (bits % 20_000) as i64, TouchKind::Sent, place);
        (answer.speech, answer.extra) = (Some(Speech::answer(bits)), Some(Extra::Reply));
    }

    /// By which door they come in, and with whose code: through what drew them, through a search, or straight.
    fn door(&self) -> (Via, Option<u64>) {
        let bits = self.person.dice.bits(Roll::Door, u64::from(self.day));
        let search = self.world.placements_of_day[usize::from(self.day)].iter().copied().find(|number| {
            let planned = &self.world.placements[*number];
            planned.aim == Aim::BrandSearch && !self.is_away(planned.campaign)
        });
        let (draw, other) = (unit(bits), unit(mix(bits)));
        if let Some(number) = search.filter(|_| draw < 0.33) {
            return (Via::Placement(number), None);
        }
        if let Some((via, _, friend)) = self.drawn_by.filter(|(_, day, _)| self.day - day <= 7 && other < 0.55) {
            return (via, friend);
        }
        let followed = (0..3).find(|place| self.follows[*place] && mix(bits ^ 1 << *place).is_multiple_of(3));
        let medium = match unit(mix(bits ^ 9)) {
            ..0.16 => ORGANIC,
            ..0.24 => SEARCH,
            ..0.42 => followed.unwrap_or(DIRECT),
            ..0.60 => Place::Shop.medium(),
            _ => DIRECT,
        };
        (Via::Medium(medium), None)
    }

    /// A search for the brand shows its advertisement to who comes anyway: a showing that moves nobody.
    fn note_search(&mut self, via: Via, at: i64) {
        if let Via::Placement(number) = via
            && self.world.placements[number].aim == Aim::BrandSearch
        {
            self.life.shown.push((at, number));
        }
    }

    fn choose(&self, bits: u64) -> usize {
        let reach = 7.0 + 13.0 * self.person.purse;
        ((unit(mix(bits)).powf(1.25) * reach) as usize).min(ITEMS.len() - 1)
    }

    fn order(&mut self) {
        let (dice, day) = (self.person.dice, u64::from(self.day));
        let (at, (via, friend), coupon) = (self.when(), self.door(), self.coupon());
        let story = self.life.orders.len();
        let (place, basket) = (self.shop_place(), dice.bits(Roll::Basket, day));
        self.note_search(via, at - 250);
        self.push(at - 240 - (basket % 900) as i64, TouchKind::Visit, place).via = Some(via);
        if self.last_order.is_none() {
            self.push(at - 90, TouchKind::Signup, Place::Shop).via = Some(via);
        }
        let lines = *pick(&[1_u8, 1, 1, 1, 2, 2, 3, 4], basket >> 8);
        let mut value = 0;
        for line in 0..lines {
            let bits = mix(basket ^ u64::from(line) << 50);
            let (item, count) = (self.choose(bits), *pick(&[1_u8, 1, 1, 2, 2, 3], bits >> 11));
            let price = ITEMS[item].price * i64::from(count);
            let amount = price - (price as f64 * coupon).round() as i64;
            value += amount;
            if line == 0 {
                self.push(at - 60, TouchKind::Cart, Place::Shop).item = Some((item, count));
            }
            let happening = self.push(at, TouchKind::OrderLine, Place::Shop);
            (happening.order, happening.value, happening.item) = (Some((story, line + 1)), Some(amount), Some((item, count)));
        }
        let promised = self.world.epoch + (i64::from(self.day) + PROMISED_DAYS) * 86_400 + 86_399;
        let placed = self.push(at, TouchKind::Order, Place::Shop);
        (placed.order, placed.value, placed.via, placed.promised) = (Some((story, 0)), Some(value), Some(via), Some(promised));
        placed.extra = friend.map(Extra::Code).or((coupon > 0.0).then_some(Extra::Discount((coupon * 100.0).round() as u8)));
        self.life.orders.push(OrderStory {
            day: self.day,
            at,
            value,
            cancelled: false,
            late: false,
            stars: 0,
            stars_in_time: 0,
            delivered: None,
        });
        self.check_out(story, at, value);
        self.last_order = Some(self.day);
        self.interest *= 0.3;
    }

    fn check_out(&mut self, story: usize, at: i64, value: i64) {
        let bits = self.person.dice.bits(Roll::Checkout, u64::from(self.day));
        let draw = unit(bits);
        let part = |living: &mut Self, at, kind, value: Option<i64>| {
            let happening = living.push(at, kind, Place::Shop);
            (happening.order, happening.value) = (Some((story, 0)), value);
        };
        if draw < 0.025 {
            // Never paid: the shop closes it after a day.
            part(self, at + 86_400, TouchKind::Cancel, None);
            self.life.orders[story].cancelled = at + 86_400 < self.world.end();
            return;
        }
        let paid = at + 20 + (bits % 500) as i64;
        part(self, paid, TouchKind::Payment, Some(value));
        if draw < 0.038 {
            part(self, paid + 3_600, TouchKind::Cancel, None);
            part(self, paid + 7_200, TouchKind::Refund, Some(value));
            self.life.orders[story].cancelled = paid + 3_600 < self.world.end();
            return;
        }
        self.send_parcel(story, paid);
    }

    /// Packed within a day and a half, two days on the road at most; unless it is late, and then it is three to eight days late.
    fn send_parcel(&mut self, story: usize, paid: i64) {
        let bits = self.person.dice.bits(Roll::Parcel, u64::from(self.day));
        let late = unit(bits) < late_chance(self.world, self.day);
        let road = 1 + (mix(bits) % 2) as u16 + if late { 4 + (mix(bits ^ 1) % 5) as u16 } else { 0 };
        let packed = 10_000 + (mix(bits ^ 2) % 100_000) as i64;
        let delivered = self.day + 2 + road;
        let happening = self.push(paid + packed, TouchKind::Shipment, Place::Shop);
        happening.order = Some((story, 0));
        let order = &mut self.life.orders[story];
        (order.late, order.delivered) = (i64::from(delivered) > i64::from(self.day) + PROMISED_DAYS, Some(delivered));
        self.later.push((delivered, Later::Delivered(story)));
    }
}

/// How much of a customer's wish is awake so many days after the last order: first the tin is full, then it is empty, then it is forgotten.
fn tin(days: u16) -> f64 {
    match days {
        0..10 => 0.12,
        10..28 => 0.6,
        28..80 => 1.15,
        _ => (1.15 * (-f64::from(days - 80) / 130.0).exp()).max(0.15),
    }
}

/// Parcels are late when everybody sends them: around Double 11 and before the New Year.
fn late_chance(world: &super::World, day: u16) -> f64 {
    let rush = |campaign: &super::PlannedCampaign| {
        let id = campaign.campaign.id.as_str();
        (id.starts_with("double-11") || id.starts_with("new-year")) && (campaign.days.0..=campaign.days.1 + 3).contains(&day)
    };
    if world.campaigns.iter().any(rush) { 0.24 } else { 0.07 }
}

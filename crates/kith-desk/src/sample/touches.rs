//! From what happened to touches: ids, identities and the words that people used.

use std::fmt::Write as _;

use kith_core::{CompactString, Currency, Instant, Medium, Touch, TouchId, TouchKind};

use super::catalogue::ITEMS;
use super::life::{Extra, Happening, Life, Via};
use super::logins::Logins;
use super::persona::Persona;
use super::world::{ACCOUNTS, Place, World};

impl World {
    pub(super) fn write_touches(&self, person: &Persona, life: &Life, logins: &Logins, touches: &mut Vec<Touch>) {
        touches.reserve(life.happenings.len());
        let mut own = String::with_capacity(32);
        for (n, happening) in life.happenings.iter().enumerate() {
            own.clear();
            own_id(&mut own, person.number, n, happening);
            // The town's days lie between 1992 and 2153, inside the range of instants.
            let at = Instant::from_seconds(happening.at).ok();
            let id = TouchId::of(&self.tenant.id, happening.place.channel(), &own);
            let channel = self.channels[happening.place as usize].clone();
            let mut touch = Touch::new(id, logins.id(happening.place), at, happening.kind, channel);
            if let Some((medium, placement)) = happening.via.map(|via| self.via(via)) {
                touch.medium = Some(medium.clone());
                if let Some(placement) = placement {
                    touch.campaign = Some(placement.campaign.as_str().into());
                    touch.placement = Some(placement.id.as_str().into());
                }
            }
            if let Some(number) = happening.post {
                let post = &self.posts[number];
                touch.post = Some(post.post.external.as_str().into());
                if let Some(campaign) = &post.post.campaign {
                    touch.campaign.get_or_insert_with(|| campaign.as_str().into());
                }
            }
            touch.account = account(self, happening).map(CompactString::from);
            touch.order = happening.order.map(|(order, _)| order_number(person.number, order).into());
            touch.value = happening.value;
            touch.currency = happening.value.map(|_| Currency::CNY);
            if let Some((item, count)) = happening.item {
                touch.item = Some(ITEMS[item].sku.into());
                touch.quantity = Some(f64::from(count));
            }
            touch.score = happening.score.map(f64::from);
            touch.promised_at = happening.promised.and_then(|at| Instant::from_seconds(at).ok());
            touch.text = happening.speech.map(|speech| speech.say(person.language));
            if let Some(extra) = happening.extra {
                touch.attributes = attributes(extra);
            }
            touches.push(touch);
        }
    }

    /// The medium and, if there is one, the placement.
    pub(super) fn via(&self, via: Via) -> (&Medium, Option<&kith_core::Placement>) {
        match via {
            Via::Medium(number) => (&self.media[number], None),
            Via::Placement(number) => (&self.placements[number].placement.medium, Some(&self.placements[number].placement)),
        }
    }
}

fn account(world: &World, happening: &Happening) -> Option<&'static str> {
    match (happening.post, happening.place) {
        (Some(post), place) if world.posts[post].place == place => Some(ACCOUNTS[world.posts[post].account].0),
        (_, Place::Web) => None,
        (_, place) => Some(ACCOUNTS[place.account()].0),
    }
}

/// An order's number: 20, the contact in eight digits, which of its orders in three.
pub(super) fn order_number(contact: u64, order: usize) -> String {
    format!("20{contact:08}{:03}", order + 1)
}

/// The source's own id of an event. Parts of an order are named by its number; all else is numbered within the contact.
pub(super) fn own_id(out: &mut String, contact: u64, n: usize, happening: &Happening) {
    let part = match happening.kind {
        TouchKind::Order => Some("order"),
        TouchKind::OrderLine => Some("line"),
        TouchKind::Payment => Some("payment"),
        TouchKind::Shipment => Some("shipment"),
        TouchKind::Delivery => Some("delivery"),
        TouchKind::Refund => Some("refund"),
        TouchKind::Cancel => Some("cancel"),
        TouchKind::Review => Some("review"),
        _ => None,
    };
    // Writing to a String cannot fail.
    let _ = match (part, happening.order) {
        (Some("line"), Some((order, line))) => write!(out, "line:20{contact:08}{:03}:{line}", order + 1),
        (Some(part), Some((order, _))) => write!(out, "{part}:20{contact:08}{:03}", order + 1),
        _ => write!(out, "{}:{contact}-{n}", happening.kind.as_str()),
    };
}

fn attributes(extra: Extra) -> String {
    match extra {
        Extra::Code(contact) => format!("{{\"code\":\"{}\"}}", referral_code(contact)),
        Extra::Discount(percent) => format!("{{\"discount_percent\":{percent}}}"),
        Extra::DaysLate(days) => format!("{{\"days_late\":{days}}}"),
        Extra::Prize => "{\"prize\":true}".to_owned(),
        Extra::Reply => "{\"reply\":true}".to_owned(),
    }
}

/// The code that a customer gives to friends.
pub(super) fn referral_code(contact: u64) -> String {
    format!("LEAF{contact:06}")
}

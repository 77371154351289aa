//! Orders put together from what happened, as a shop system shows them.

use std::collections::BTreeMap;

use kith_core::TouchKind;

use super::super::life::Happening;
use super::super::touches::order_number;
use super::{Life, Persona, Place, World, external};

/// An order as an export shows it on the town's last evening.
pub(super) struct Sold {
    pub(super) number: String,
    pub(super) lines: Vec<(usize, u8, i64)>,
    pub(super) total: i64,
    pub(super) placed: i64,
    pub(super) paid: Option<i64>,
    pub(super) shipped: Option<i64>,
    pub(super) delivered: Option<i64>,
    pub(super) cancelled: Option<i64>,
    pub(super) refunded: i64,
    pub(super) login: String,
}

pub(super) fn orders(world: &World, person: &Persona, life: &Life) -> Vec<Sold> {
    let mut sold: BTreeMap<usize, Sold> = BTreeMap::new();
    for happening in &life.happenings {
        let Some((number, _)) = happening.order else { continue };
        let order = sold.entry(number).or_insert_with(|| Sold {
            number: order_number(person.number, number),
            lines: Vec::new(),
            total: 0,
            placed: happening.at,
            paid: None,
            shipped: None,
            delivered: None,
            cancelled: None,
            refunded: 0,
            login: external(world, person, Place::Shop),
        });
        let Happening { at, value, .. } = *happening;
        match happening.kind {
            TouchKind::Order => order.total = value.unwrap_or(0),
            TouchKind::OrderLine => order.lines.extend(happening.item.map(|(item, count)| (item, count, value.unwrap_or(0)))),
            TouchKind::Payment => order.paid = Some(at),
            TouchKind::Shipment => order.shipped = Some(at),
            TouchKind::Delivery => order.delivered = Some(at),
            TouchKind::Cancel => order.cancelled = Some(at),
            TouchKind::Refund => order.refunded += value.unwrap_or(0),
            _ => {}
        }
    }
    sold.into_values().collect()
}

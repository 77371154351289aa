//! An order and its parts.
//!
//! Exports give an order in pieces: one file has the order, another its lines, its payments, its parcels, its reviews. Each
//! piece is a touch of its own that carries the order's number; the order as a whole is put together when a question is asked, so
//! that files may come in any order.

use serde::{Deserialize, Serialize};

use crate::{IdentityId, Instant, Money, Touch, TouchKind};

/// The kinds of touch an order is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderPart {
    Placed,
    Line,
    Paid,
    Shipped,
    Delivered,
    Refunded,
    Cancelled,
    Reviewed,
}

impl OrderPart {
    #[must_use]
    pub const fn of(kind: TouchKind) -> Option<Self> {
        Some(match kind {
            TouchKind::Order => Self::Placed,
            TouchKind::OrderLine => Self::Line,
            TouchKind::Payment => Self::Paid,
            TouchKind::Shipment => Self::Shipped,
            TouchKind::Delivery => Self::Delivered,
            TouchKind::Refund => Self::Refunded,
            TouchKind::Cancel => Self::Cancelled,
            TouchKind::Review => Self::Reviewed,
            _ => return None,
        })
    }
}

/// An order as a whole, put together from its touches.
///
/// Its total is what the order touch says; where no export gave one, the sum of its payments; where there are none, the sum of
/// its lines. Amounts of several currencies cannot be added, so that such payments (or lines, or refunds) count as not known.
/// It belongs to whom its order touch names, else its first dated line or payment, and was placed when these say.
/// A cancelled order counts for nothing. The view `orders` of the lake follows the same rules.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct OrderState {
    pub number: String,
    pub identity: Option<IdentityId>,
    pub placed_at: Option<Instant>,
    pub total: Option<Money>,
    pub refunded: Option<Money>,
    pub lines: Vec<OrderLine>,
    pub paid_at: Option<Instant>,
    pub shipped_at: Option<Instant>,
    pub promised_at: Option<Instant>,
    pub delivered_at: Option<Instant>,
    pub cancelled: bool,
    pub score: Option<f64>,
}

/// What was bought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    pub item: String,
    pub quantity: f64,
    pub amount: Option<Money>,
}

impl OrderState {
    /// Puts an order together from its touches, whatever their sequence.
    #[must_use]
    pub fn of(number: &str, touches: &[Touch]) -> Self {
        let mut touches: Vec<&Touch> = touches.iter().collect();
        touches.sort_by_key(|touch| (touch.at, touch.id));
        let mut order = Self { number: number.to_owned(), ..Self::default() };
        let (mut said, mut paid, mut lines, mut refunded) = (None, Sum::Nothing, Sum::Nothing, Sum::Nothing);
        let mut first_part: Option<&Touch> = None;
        for touch in touches {
            let money = touch.value.zip(touch.currency).map(|(minor, currency)| Money::new(minor, currency));
            match OrderPart::of(touch.kind) {
                Some(OrderPart::Placed) => {
                    order.identity = Some(touch.identity);
                    order.placed_at = order.placed_at.or(touch.at);
                    order.promised_at = order.promised_at.or(touch.promised_at);
                    said = said.or(money);
                }
                Some(OrderPart::Line) => {
                    lines = lines.plus(money);
                    first_part = first_part.or(touch.at.map(|_| touch));
                    let item = touch.item.clone().unwrap_or_default().into_string();
                    order.lines.push(OrderLine { item, quantity: touch.quantity.unwrap_or(1.0), amount: money });
                }
                Some(OrderPart::Paid) => {
                    paid = paid.plus(money);
                    first_part = first_part.or(touch.at.map(|_| touch));
                    order.paid_at = order.paid_at.or(touch.at);
                }
                Some(OrderPart::Shipped) => order.shipped_at = order.shipped_at.or(touch.at),
                Some(OrderPart::Delivered) => {
                    order.delivered_at = order.delivered_at.or(touch.at);
                    order.promised_at = order.promised_at.or(touch.promised_at);
                }
                Some(OrderPart::Refunded) => refunded = refunded.plus(money),
                Some(OrderPart::Cancelled) => order.cancelled = true,
                Some(OrderPart::Reviewed) => order.score = order.score.or(touch.score),
                None => {}
            }
        }
        order.identity = order.identity.or(first_part.map(|part| part.identity));
        order.placed_at = order.placed_at.or(first_part.and_then(|part| part.at));
        order.total = said.or(paid.money()).or(lines.money());
        order.refunded = refunded.money();
        order
    }

    /// Did the parcel come after the promised day? `None` while either is unknown.
    #[must_use]
    pub fn late(&self) -> Option<bool> {
        Some(self.delivered_at? > self.promised_at?)
    }
}

/// A sum of money that stays one currency or becomes unknown.
#[derive(Clone, Copy)]
enum Sum {
    Nothing,
    Of(Money),
    Mixed,
}

impl Sum {
    fn plus(self, more: Option<Money>) -> Self {
        match (self, more) {
            (sum, None) => sum,
            (Self::Nothing, Some(more)) => Self::Of(more),
            (Self::Of(sum), Some(more)) if sum.currency == more.currency => {
                Self::Of(Money::new(sum.minor.saturating_add(more.minor), sum.currency))
            }
            (Self::Of(_) | Self::Mixed, Some(_)) => Self::Mixed,
        }
    }

    const fn money(self) -> Option<Money> {
        match self {
            Self::Of(money) => Some(money),
            Self::Nothing | Self::Mixed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, Currency, Slug, TouchId};

    fn part(kind: TouchKind, at: Option<&str>, minor: Option<i64>) -> Touch {
        let tenant = Slug::parse("tea").unwrap();
        let id = TouchId::of(&tenant, "shop", &format!("{kind}{minor:?}"));
        let at = at.map(|text| Instant::parse(text).unwrap());
        Touch {
            value: minor,
            currency: Some(Currency::CNY),
            ..Touch::new(id, IdentityId(1), at, kind, Channel::parse("shop").unwrap())
        }
    }

    #[test]
    fn an_order_without_a_total_is_worth_what_was_paid_for_it() {
        let parts = [
            part(TouchKind::Order, Some("2026-01-01T00:00:00Z"), None),
            part(TouchKind::Payment, None, Some(900)),
            part(TouchKind::Payment, None, Some(100)),
            part(TouchKind::OrderLine, None, Some(1_200)),
        ];
        let order = OrderState::of("1", &parts);
        assert_eq!(order.total, Some(Money::new(1_000, Currency::CNY)));
        assert_eq!(order.lines.len(), 1);
    }

    #[test]
    fn payments_in_two_currencies_are_not_added() {
        let euro = Touch { currency: Some(Currency::parse("EUR").unwrap()), ..part(TouchKind::Payment, None, Some(7)) };
        let order =
            OrderState::of("1", &[euro, part(TouchKind::Payment, None, Some(900)), part(TouchKind::OrderLine, None, Some(50))]);
        assert_eq!(order.total, Some(Money::new(50, Currency::CNY)));
    }

    #[test]
    fn an_order_known_by_its_lines_was_placed_at_the_first_of_them() {
        let lines = ["2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"].map(|at| part(TouchKind::OrderLine, Some(at), Some(5)));
        let order = OrderState::of("1", &lines);
        assert_eq!(order.placed_at, Some(Instant::parse("2026-01-01T00:00:00Z").unwrap()));
        assert_eq!((order.identity, order.total), (Some(IdentityId(1)), Some(Money::new(10, Currency::CNY))));
    }

    #[test]
    fn the_sequence_of_the_parts_does_not_matter() {
        let mut parts = vec![
            part(TouchKind::Delivery, Some("2026-01-05T00:00:00Z"), None),
            part(TouchKind::Order, Some("2026-01-01T00:00:00Z"), Some(5)),
            part(TouchKind::OrderLine, None, Some(3)),
        ];
        let one = OrderState::of("1", &parts);
        parts.reverse();
        assert_eq!(one, OrderState::of("1", &parts));
    }
}

//! A row of an orders file: an order with what became of it, a line, a payment or a refund.
//!
//! - **An order** gives up to six touches: order, payment (a time or an amount paid), shipment, delivery, refund, cancel.
//! - **Not yet paid** (`等待买家付款`, `pending`): the order has no value, for it may never be paid; what it would have been worth is the
//!   attribute `unpaid-value`. A later export that says paid has a higher version and stands in front of it.
//! - **Closed without a sale** (`交易关闭`, `cancelled`): order and cancel. If money went back, the refund says so instead of a cancel,
//!   so that nothing is taken off twice.
//! - **Given back**: a row with a negative quantity or amount is a refund of that money, never a purchase.
//! - **Without an order number**: the number is derived: `<customer>@<instant>` for lines (all lines of one customer and instant are
//!   one order), and for whole orders also a digest of the row, since a customer may order twice on a day.
//! - **Without a customer**: the order stands for its buyer (an identity of kind `order`). Without both, the number is
//!   `?@<instant>`: revenue of nobody known, one unknown buyer a source and instant, and never one giant customer.
//! - **Version**: where the row has none of its own, the latest time in it, which grows as an order goes on.

use std::borrow::Cow;

use kith_core::{Channel, Currency, Instant, Money, MoneyError, Refusal, Touch, TouchKind, parse_decimal, parse_money};

use super::Field;
use super::cells::Cells;
use super::mapping::{OrderStatus, RowIs};
use super::own_id;
use super::read_touch::{attributes, bare, text};
use super::reader::{Work, Yield, digest};
use super::who::Who;

pub fn read(cells: &Cells<'_>, work: &mut Work, out: &mut Yield) -> Result<(), Refusal> {
    let channel = work.channel(cells)?;
    match cells.rules.row_is {
        RowIs::Payment => read_part(cells, work, out, &channel, TouchKind::Payment),
        RowIs::Refund => read_part(cells, work, out, &channel, TouchKind::Refund),
        RowIs::Order | RowIs::Line | RowIs::OrderAndLine => read_sale(cells, work, out, &channel),
    }
}

/// The number of an order, freed of the `#` that shops put before it.
fn order_number<'a>(cells: &Cells<'a>) -> Result<Option<Cow<'a, str>>, Refusal> {
    Ok(match cells.key(&Field::Order)? {
        Some(Cow::Borrowed(number)) => Some(Cow::Borrowed(number.trim_start_matches('#'))),
        Some(Cow::Owned(number)) => Some(Cow::Owned(number.trim_start_matches('#').to_owned())),
        None => None,
    }
    .filter(|number| !number.is_empty()))
}

/// A payment or a refund of an order that stands in another file.
fn read_part(cells: &Cells<'_>, work: &mut Work, out: &mut Yield, channel: &Channel, kind: TouchKind) -> Result<(), Refusal> {
    let Some(number) = order_number(cells)? else {
        return Err(cells.refuse(&Field::Order, "", "the row has no order number"));
    };
    let (time, amount) = match kind {
        TouchKind::Refund => (Field::RefundedAt, Field::RefundAmount),
        _ => (Field::PaidAt, Field::PaidAmount),
    };
    let at = cells.time(&Field::At)?.map_or_else(|| cells.time(&time), |at| Ok(Some(at)))?;
    let currency = cells.currency()?;
    let money = cells.money(&amount, currency)?.map_or_else(|| cells.money(&Field::Value, currency), |money| Ok(Some(money)))?;
    let Some(money) = money else {
        return Err(cells.refuse(&Field::Value, "", "the row does not say how much money it was"));
    };
    let Some(who) = Who::of(cells, channel, Some(&number))? else {
        return Err(cells.refuse_row("the row names nobody"));
    };
    let mut touch = bare(cells, who.id(), at, kind, channel);
    touch.order = Some(number.as_ref().into());
    // A negative payment is money given back, and a refund is written with either sign.
    if kind == TouchKind::Payment && money.minor < 0 {
        touch.kind = TouchKind::Refund;
    }
    touch.value = Some(if touch.kind == TouchKind::Refund { money.minor.saturating_abs() } else { money.minor });
    touch.currency = Some(money.currency);
    touch.text = text(cells)?;
    touch.attributes = attributes(cells, &who, &[])?;
    touch.version = cells.version()?.or(at.map(Instant::micros)).unwrap_or(0).max(0);
    let part = cells.key(&Field::Part)?.map_or_else(|| cells.key(&Field::SourceId), |part| Ok(Some(part)))?;
    name_part(cells, work, &mut touch, part.as_deref());
    who.commit(cells, channel, work, out);
    out.touches.push(touch);
    Ok(())
}

/// The id of a line, a payment or a refund: by its number, or else by what it says.
fn name_part(cells: &Cells<'_>, work: &mut Work, touch: &mut Touch, part: Option<&str>) {
    let order = touch.order.clone().unwrap_or_default();
    own_id::of_order(&mut work.own_id, touch.kind, &order, part);
    if part.is_none() {
        let digest = touch.content_digest();
        own_id::push_content(&mut work.own_id, digest, cells.rules.repeats.count(digest));
    }
    work.identify(cells, touch);
}

/// What a row says of an order or a line.
struct Sale {
    at: Option<Instant>,
    currency: Currency,
    status: Option<OrderStatus>,
    paid_at: Option<Instant>,
    shipped_at: Option<Instant>,
    delivered_at: Option<Instant>,
    promised_at: Option<Instant>,
    refunded_at: Option<Instant>,
    cancelled_at: Option<Instant>,
    value: Option<Money>,
    paid: Option<Money>,
    refund: Option<Money>,
    quantity: Option<f64>,
    /// Unit price times quantity.
    worth: Option<Money>,
    version: i64,
}

impl Sale {
    fn of(cells: &Cells<'_>) -> Result<Self, Refusal> {
        let currency = cells.currency()?;
        let word = cells.text(&Field::OrderStatus);
        let quantity = cells.number(&Field::Quantity)?;
        let mut sale = Self {
            at: cells.time(&Field::At)?,
            currency,
            status: if word.is_empty() { None } else { cells.rules.status_of(word) },
            paid_at: cells.time(&Field::PaidAt)?,
            shipped_at: cells.time(&Field::ShippedAt)?,
            delivered_at: cells.time(&Field::DeliveredAt)?,
            promised_at: cells.time(&Field::PromisedAt)?,
            refunded_at: cells.time(&Field::RefundedAt)?,
            cancelled_at: cells.time(&Field::CancelledAt)?,
            value: cells.money(&Field::Value, currency)?,
            paid: cells.money(&Field::PaidAmount, currency)?,
            refund: cells.money(&Field::RefundAmount, currency)?,
            quantity,
            worth: worth(cells, currency, quantity)?,
            version: 0,
        };
        let times = [sale.at, sale.paid_at, sale.shipped_at, sale.delivered_at, sale.refunded_at, sale.cancelled_at];
        let latest = times.into_iter().flatten().max().map_or(0, Instant::micros);
        sale.version = cells.version()?.unwrap_or(latest).max(0);
        Ok(sale)
    }

    /// What the order or the line was worth.
    fn amount(&self) -> Option<Money> {
        self.value.or(self.worth).or(self.paid)
    }

    /// Is this money or goods given back?
    fn is_return(&self) -> bool {
        self.quantity.is_some_and(|quantity| quantity < 0.0) || self.amount().is_some_and(|money| money.minor < 0)
    }
}

/// Unit price times quantity. A unit price may be finer than its currency (a tenth of a cent a bead), so only the product is rounded.
fn worth(cells: &Cells<'_>, currency: Currency, quantity: Option<f64>) -> Result<Option<Money>, Refusal> {
    let text = cells.text(&Field::UnitPrice);
    if text.is_empty() {
        return Ok(None);
    }
    let refuse = |reason: String| cells.refuse(&Field::UnitPrice, text, &reason);
    let (price, currency) = match parse_money(text, currency) {
        Ok(money) => (money.minor as f64, money.currency),
        Err(MoneyError::TooFine { currency, .. }) => {
            let price = parse_decimal(text).map_err(|error| refuse(error.to_string()))?;
            (price * 10_f64.powi(currency.digits() as i32), currency)
        }
        Err(error) => return Err(refuse(error.to_string())),
    };
    if price < 0.0 && quantity.is_some_and(|quantity| quantity < 0.0) {
        return Err(refuse("a negative price for a negative quantity makes no sense".to_owned()));
    }
    let minor = (price * quantity.unwrap_or(1.0)).round();
    if minor.abs() > 9e15 {
        return Err(refuse("the price times the quantity is more money than can be counted here".to_owned()));
    }
    Ok(Some(Money::new(minor as i64, currency)))
}

fn read_sale(cells: &Cells<'_>, work: &mut Work, out: &mut Yield, channel: &Channel) -> Result<(), Refusal> {
    let sale = Sale::of(cells)?;
    let given = order_number(cells)?;
    let named = Who::of(cells, channel, given.as_deref())?;
    let (number, who) = match (given, named) {
        (Some(number), Some(who)) => (number.into_owned(), who),
        (_, named) => {
            let number = derived_number(cells, &sale, named.as_ref())?;
            let who = named.unwrap_or_else(|| Who::of_order(cells, &number));
            (number, who)
        }
    };
    let row_is = cells.rules.row_is;
    // In a file of orders and lines the order's own columns are filled in its first row only.
    let order = match row_is {
        RowIs::Order => true,
        RowIs::OrderAndLine => sale.value.is_some() || !cells.text(&Field::OrderStatus).is_empty(),
        _ => false,
    };
    let line = match row_is {
        RowIs::Line => true,
        RowIs::OrderAndLine => sale.quantity.is_some() || !cells.text(&Field::Item).is_empty(),
        _ => false,
    };
    if !order && !line {
        return Err(cells.refuse_row("the row has neither an order's total or state nor a line's item"));
    }
    let before = out.touches.len();
    let made = make(cells, work, &sale, &number, &who, channel, order, line, &mut out.touches);
    if let Err(refusal) = made {
        out.touches.truncate(before);
        return Err(refusal);
    }
    who.commit(cells, channel, work, out);
    Ok(())
}

/// The number of an order that has none.
fn derived_number(cells: &Cells<'_>, sale: &Sale, who: Option<&Who<'_>>) -> Result<String, Refusal> {
    let Some(at) = sale.at else {
        return Err(cells.refuse(
            &Field::Order,
            "",
            "the row has neither an order number nor a time from which one could be made",
        ));
    };
    let customer = who.map_or("?", Who::external);
    if cells.rules.row_is != RowIs::Order {
        return Ok(format!("{customer}@{at}"));
    }
    let minor = sale.amount().map_or(0, |money| money.minor).to_string();
    let quantity = sale.quantity.unwrap_or_default().to_string();
    let digest =
        digest("order", &[customer, &at.to_string(), &minor, &quantity, cells.text(&Field::Item), &cells.attributes(&[])?]);
    let nth = cells.rules.repeats.count(digest);
    let short = (digest as u64) >> 31;
    Ok(if nth == 0 { format!("{customer}@{at}={short:08x}") } else { format!("{customer}@{at}={short:08x}#{nth}") })
}

#[allow(clippy::too_many_arguments, reason = "one row in its parts; a struct for a single call would only rename them")]
fn make(
    cells: &Cells<'_>,
    work: &mut Work,
    sale: &Sale,
    number: &str,
    who: &Who<'_>,
    channel: &Channel,
    order: bool,
    line: bool,
    touches: &mut Vec<Touch>,
) -> Result<(), Refusal> {
    let start = |at: Option<Instant>, kind: TouchKind, money: Option<Money>| {
        let mut touch = bare(cells, who.id(), at, kind, channel);
        touch.order = Some(number.into());
        touch.value = money.map(|money| money.minor);
        touch.currency = money.map(|money| money.currency);
        touch.version = sale.version;
        touch
    };
    if order {
        if sale.at.is_none() {
            return Err(cells.refuse(&Field::At, "", "the row does not say when the order was placed"));
        }
        if sale.is_return() && !line {
            let mut touch = given_back(cells, sale, who, start(sale.at, TouchKind::Refund, None))?;
            touch.item = cells.short(&Field::Item)?;
            name_part(cells, work, &mut touch, None);
            touches.push(touch);
            return Ok(());
        }
        let unpaid = sale.status == Some(OrderStatus::Unpaid);
        let mut touch = start(sale.at, TouchKind::Order, if unpaid { None } else { order_value(sale) });
        describe(cells, work, who, &mut touch, unpaid.then(|| order_value(sale)).flatten())?;
        touch.promised_at = sale.promised_at;
        if !line {
            touch.item = cells.short(&Field::Item)?;
            touch.quantity = sale.quantity;
        }
        touches.push(touch);
        let refunded = follow_ups(sale, &start, touches);
        let closed = sale.cancelled_at.is_some() || sale.status == Some(OrderStatus::Closed);
        if closed && !refunded {
            touches.push(start(sale.cancelled_at, TouchKind::Cancel, None));
        }
        for touch in touches.iter_mut().rev() {
            let is_ours = touch.order.as_deref() == Some(number) && touch.id.as_bytes() == &[0; 16];
            if !is_ours {
                break;
            }
            own_id::of_order(&mut work.own_id, touch.kind, number, None);
            work.identify(cells, touch);
        }
    }
    if line {
        let amount = if order || cells.rules.row_is == RowIs::OrderAndLine { sale.worth } else { sale.value.or(sale.worth) };
        let sale = Sale { value: amount, paid: None, worth: None, ..*sale };
        let mut touch = start(sale.at, TouchKind::OrderLine, sale.value);
        touch.item = cells.short(&Field::Item)?;
        touch.quantity = sale.quantity;
        if sale.is_return() {
            touch.kind = TouchKind::Refund;
            touch = given_back(cells, &sale, who, touch)?;
        } else if !order {
            describe(cells, work, who, &mut touch, None)?;
        }
        let part = cells.key(&Field::Part)?;
        name_part(cells, work, &mut touch, part.as_deref());
        touches.push(touch);
    }
    Ok(())
}

/// What an order was worth: its total, or else its goods, or else what was paid.
fn order_value(sale: &Sale) -> Option<Money> {
    sale.amount()
}

/// Payment, shipment, delivery and refund of an order. Did money go back?
fn follow_ups(
    sale: &Sale,
    start: &impl Fn(Option<Instant>, TouchKind, Option<Money>) -> Touch,
    touches: &mut Vec<Touch>,
) -> bool {
    let positive = |money: Option<Money>| money.filter(|money| money.minor > 0);
    if sale.paid_at.is_some() || positive(sale.paid).is_some() {
        touches.push(start(sale.paid_at, TouchKind::Payment, sale.paid.or_else(|| order_value(sale))));
    }
    if sale.shipped_at.is_some() {
        touches.push(start(sale.shipped_at, TouchKind::Shipment, None));
    }
    if sale.delivered_at.is_some() {
        let touch = start(sale.delivered_at, TouchKind::Delivery, None);
        touches.push(Touch { promised_at: sale.promised_at, ..touch });
    }
    let all_back = sale.status == Some(OrderStatus::Refunded) || sale.refunded_at.is_some();
    let refund = sale.refund.map(|money| Money::new(money.minor.saturating_abs(), money.currency));
    let refund = positive(refund).or_else(|| if all_back { positive(order_value(sale)) } else { None });
    if let Some(refund) = refund {
        touches.push(start(sale.refunded_at, TouchKind::Refund, Some(refund)));
    }
    refund.is_some()
}

/// What an order or a line says besides its money.
fn describe(cells: &Cells<'_>, work: &mut Work, who: &Who<'_>, touch: &mut Touch, unpaid: Option<Money>) -> Result<(), Refusal> {
    touch.medium = work.medium(cells)?;
    touch.campaign = cells.short(&Field::Campaign)?;
    touch.placement = cells.short(&Field::Placement)?;
    touch.account = cells.short(&Field::Account)?;
    touch.text = text(cells)?;
    let unpaid = unpaid.map(|money| money.to_string());
    let mut also = Vec::new();
    let status = cells.text(&Field::OrderStatus);
    if !status.is_empty() {
        also.push(("order-status", status));
    }
    if let Some(unpaid) = &unpaid {
        also.push(("unpaid-value", unpaid));
    }
    touch.attributes = attributes(cells, who, &also)?;
    Ok(())
}

/// Turns a touch into a refund of the row's money, whichever sign it is written with.
fn given_back(cells: &Cells<'_>, sale: &Sale, who: &Who<'_>, mut touch: Touch) -> Result<Touch, Refusal> {
    let money = sale.amount();
    touch.value = money.map(|money| money.minor.saturating_abs());
    touch.currency = money.map(|money| money.currency).or(Some(sale.currency));
    touch.quantity = sale.quantity.map(f64::abs);
    touch.attributes = attributes(cells, who, &[])?;
    Ok(touch)
}

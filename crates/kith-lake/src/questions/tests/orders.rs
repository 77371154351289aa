//! The view `orders` follows the same rules as `OrderState`, on random parts.

use kith_core::{Money, OrderState};
use proptest::prelude::*;

use super::*;

const KINDS: [TouchKind; 9] = [
    TouchKind::Order,
    TouchKind::OrderLine,
    TouchKind::Payment,
    TouchKind::Shipment,
    TouchKind::Delivery,
    TouchKind::Refund,
    TouchKind::Cancel,
    TouchKind::Review,
    TouchKind::Like,
];

fn part() -> impl Strategy<Value = Touch> {
    let numbers = (any::<u64>(), 0..4_i64, 0..KINDS.len(), 0..3_usize, 1..6_i64);
    let money = (proptest::option::of(-50..500_i64), proptest::option::of(prop_oneof![4 => Just("CNY"), 1 => Just("USD")]));
    let times = (proptest::option::of(0..20_i64), proptest::option::of(0..20_i64), any::<bool>());
    (numbers, money, times).prop_map(|((id, who, kind, order, score), (value, currency), (at_day, promised, has_score))| {
        let day = |day: i64| time("2026-10-01 00:00").plus_seconds(day * 86_400);
        let kind = KINDS[kind];
        let at = if kind.may_be_undated() { at_day.map(day) } else { Some(day(at_day.unwrap_or(0))) };
        let mut touch =
            Touch::new(TouchId::of(&tea(), "part", &id.to_string()), IdentityId(who), at, kind, Channel::parse("shop").unwrap());
        touch.order = Some(format!("O{order}").into());
        touch.value = value;
        touch.currency = currency.map(|code| Currency::parse(code).unwrap());
        touch.promised_at = promised.map(day);
        touch.score = has_score.then_some(score as f64);
        touch
    })
}

/// All that both tell of an order.
type Told = (Option<i64>, Option<Instant>, Option<Money>, Option<Money>, [Option<Instant>; 4], bool, Option<f64>);

async fn by_sql(touches: &[Touch]) -> Vec<(String, Told)> {
    let mut story = story();
    story.touches = touches.to_vec();
    let session = story.open();
    let sql = "SELECT * FROM orders ORDER BY order_no";
    session
        .ask("orders", sql, vec![], |row| {
            let money = |minor: &str, currency: &str| {
                let currency = row.maybe_text(currency).map(|code| Currency::parse(&code).unwrap());
                row.maybe_integer(minor).zip(currency).map(|(minor, currency)| Money::new(minor, currency))
            };
            let told = (
                row.maybe_integer("contact"),
                row.maybe_instant("placed_at"),
                money("minor", "currency"),
                money("refunded", "refund_currency"),
                ["paid_at", "shipped_at", "promised_at", "delivered_at"].map(|name| row.maybe_instant(name)),
                row.truth("cancelled"),
                row.maybe_number("score"),
            );
            (row.text("order_no"), told)
        })
        .await
        .unwrap()
}

fn by_state(touches: &[Touch]) -> Vec<(String, Told)> {
    let numbers = ["O0", "O1", "O2"];
    let of = |number: &str| {
        let parts: Vec<Touch> = touches
            .iter()
            .filter(|touch| touch.order.as_deref() == Some(number) && kith_core::OrderPart::of(touch.kind).is_some())
            .cloned()
            .collect();
        let state = OrderState::of(number, &parts);
        let times = [state.paid_at, state.shipped_at, state.promised_at, state.delivered_at];
        let told = (
            state.identity.map(|identity| identity.0),
            state.placed_at,
            state.total,
            state.refunded,
            times,
            state.cancelled,
            state.score,
        );
        (!parts.is_empty()).then(|| (number.to_owned(), told))
    };
    numbers.into_iter().filter_map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_view_of_orders_and_order_state_agree(touches in proptest::collection::vec(part(), 1..40)) {
        let mut touches = touches;
        touches.sort_by_key(|touch| touch.id);
        touches.dedup_by_key(|touch| touch.id);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        prop_assert_eq!(runtime.block_on(by_sql(&touches)), by_state(&touches));
    }
}

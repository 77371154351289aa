//! Every dialect with a small file of our own: guessed without help, read, and what came of it.

use std::path::Path;

use kith_core::{
    Calendar, Currency, Identity, IdentityKind, ImportId, Insight, Instant, Language, LinkBasis, Record, Slug, Tenant, Touch,
    TouchKind,
};

use super::{Field, Guess, ImportKind, Mapping, Plan, PostTimes, RowIs, Yield, guess};
use crate::file::Chunk;

pub fn tenant() -> Tenant {
    Tenant {
        id: Slug::parse("tea").unwrap(),
        name: "Tea".into(),
        calendar: Calendar::parse("Asia/Shanghai").unwrap(),
        currency: Currency::CNY,
        language: Language::Zh,
        country: "CN".into(),
    }
}

pub type Table = (Vec<String>, Vec<Vec<String>>);

pub fn table(text: &[u8]) -> Table {
    let mut reader = csv::ReaderBuilder::new().from_reader(text);
    let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (columns, rows)
}

pub fn read_with(mapping: &Mapping, (columns, rows): &Table, posts: &PostTimes) -> Yield {
    let plan = Plan::new(mapping, columns, &tenant(), ImportId(7), posts).unwrap();
    let (mut reader, mut out) = (plan.reader(), Yield::default());
    Chunk::cells(2, columns.len(), rows.clone()).each(|row| reader.read(row.unwrap(), &mut out));
    out
}

pub fn sample(rows: &[Vec<String>]) -> &[Vec<String>] {
    &rows[..rows.len().min(100)]
}

fn fixture(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(format!("{name}.csv"));
    table(&std::fs::read(path).unwrap())
}

/// Guesses a fixture without help and reads it.
fn import(name: &str) -> (Guess, Yield) {
    let table = fixture(name);
    let guess = guess(&table.0, sample(&table.1), None, &tenant());
    let out = read_with(&guess.mapping, &table, &PostTimes::default());
    (guess, out)
}

fn kinds(touches: &[Touch], order: &str) -> Vec<TouchKind> {
    touches.iter().filter(|touch| touch.order.as_deref() == Some(order)).map(|touch| touch.kind).collect()
}

fn insights(out: &Yield) -> Vec<&Insight> {
    out.records
        .iter()
        .filter_map(|(_, record)| if let Record::Insight(insight) = record { Some(insight) } else { None })
        .collect()
}

fn has(out: &Yield, kind: IdentityKind, external: &str) -> Option<Identity> {
    out.identities.iter().find(|identity| identity.kind == kind && identity.external == external).cloned()
}

#[test]
fn a_weibo_export_is_posts_with_their_counts() {
    let (guess, out) = import("weibo-posts");
    assert_eq!((guess.mapping.dialect.as_deref(), guess.mapping.kind), (Some("weibo-posts"), ImportKind::Posts));
    assert_eq!((out.rows, out.passed_over, out.refusals.len()), (4, 1, 0));
    let posts = out.records.iter().filter(|(_, record)| matches!(record, Record::Post(_))).count();
    assert_eq!(posts, 3);
    let reads: Vec<f64> =
        insights(&out).iter().filter(|insight| insight.metric.as_str() == "reads").map(|insight| insight.value).collect();
    assert_eq!(reads, [12_000.0, 8_021.0, 1_530.0]);
    assert!(guess.doubts.iter().any(|doubt| doubt.contains("exported")), "{:?}", guess.doubts);
}

#[test]
fn wechat_articles_have_readers_and_new_followers() {
    let (guess, out) = import("wechat-articles");
    assert_eq!(guess.mapping.dialect.as_deref(), Some("wechat-articles"));
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    let followers: f64 =
        insights(&out).iter().filter(|insight| insight.metric.as_str() == "new-followers").map(|insight| insight.value).sum();
    assert_eq!(followers, 51.0);
    assert!(
        matches!(&out.records[0].1, Record::Post(post) if post.external == "https://mp.example.com/s/a1" && post.channel.as_str() == "wechat-subscription")
    );
}

#[test]
fn wechat_users_are_counts_of_days_and_a_total() {
    let (guess, out) = import("wechat-users");
    assert_eq!(guess.mapping.dialect.as_deref(), Some("wechat-users"));
    let insights = insights(&out);
    assert_eq!(insights.len(), 12);
    assert!(insights.iter().all(|insight| insight.daily == (insight.metric.as_str() != "followers") && insight.post.is_none()));
    assert_eq!(insights[0].at, Instant::parse("2026-03-01T00:00:00+08:00").unwrap());
    assert!(insights.iter().any(|insight| insight.metric.as_str() == "net-followers" && insight.value == -7.0));
}

#[test]
fn wechat_followers_are_contacts_linked_by_unionid_and_phone() {
    let (guess, out) = import("wechat-followers");
    assert_eq!((guess.mapping.dialect.as_deref(), guess.mapping.kind), (Some("wechat-followers"), ImportKind::Contacts));
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    let login = has(&out, IdentityKind::Login, "oAbc-0001").unwrap();
    assert_eq!((login.name.as_deref(), login.channel.unwrap().as_str()), (Some("小满"), "wechat-service"));
    let bases: Vec<LinkBasis> = out.links.iter().filter(|link| link.one == login.id).map(|link| link.basis).collect();
    assert_eq!(bases, [LinkBasis::UnionId, LinkBasis::Phone]);
    // The second follower's phone is masked: kept, and no identity.
    assert_eq!(out.notes.get("unread-phone"), Some(&1));
    assert_eq!(out.identities.iter().filter(|identity| identity.kind == IdentityKind::Phone).count(), 1);
    let Record::Profile { profile, .. } = &out.records[0].1 else { panic!() };
    assert_eq!(profile.tags, ["老客", "白茶"]);
}

#[test]
fn a_taobao_order_becomes_what_happened_to_it() {
    let (guess, out) = import("taobao-orders");
    assert_eq!(guess.mapping.dialect.as_deref(), Some("taobao-orders"));
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    use TouchKind::{Cancel, Delivery, Order, Payment, Refund, Shipment};
    assert_eq!(kinds(&out.touches, "2026030100000001"), [Order, Payment, Shipment, Delivery]);
    assert_eq!(kinds(&out.touches, "2026030100000002"), [Order]);
    assert_eq!(kinds(&out.touches, "2026030100000003"), [Order, Cancel]);
    assert_eq!(kinds(&out.touches, "2026030100000004"), [Order, Payment, Shipment, Refund]);
    let order = &out.touches[0];
    assert_eq!((order.value, order.item.as_deref(), order.quantity), (Some(13_800), Some("明前龙井 50g"), Some(2.0)));
    assert_eq!(order.id, kith_core::TouchId::of(&tenant().id, "taobao", "order:2026030100000001"));
    let delivered = Instant::parse("2026-03-06T18:00:00+08:00").unwrap();
    assert_eq!(order.version, delivered.micros());
    // Not paid yet: no value, and what it would have been is kept. The masked nickname names nobody, the phone does.
    let unpaid = out.touches.iter().find(|touch| touch.order.as_deref() == Some("2026030100000002")).unwrap();
    assert_eq!(unpaid.value, None);
    assert!(
        unpaid.attributes.contains(r#""unpaid-value":"CNY 66.00""#) && unpaid.attributes.contains("masked-login"),
        "{}",
        unpaid.attributes
    );
    assert_eq!(unpaid.identity, has(&out, IdentityKind::Phone, "+8613900139002").unwrap().id);
    // One buyer, met twice, is handed over once.
    assert_eq!(out.identities.iter().filter(|identity| identity.external == "茶友小林").count(), 1);
    assert_eq!(out.links.len(), 2);
}

#[test]
fn taobao_lines_belong_to_their_order_and_equal_lines_are_two() {
    let (guess, out) = import("taobao-lines");
    assert_eq!((guess.mapping.dialect.as_deref(), guess.mapping.settings.row_is), (Some("taobao-lines"), RowIs::Line));
    assert_eq!(out.touches.len(), 3);
    assert_eq!((out.touches[0].value, out.touches[0].at), (Some(12_800), None));
    assert_ne!(out.touches[1].id, out.touches[2].id);
    assert_eq!(has(&out, IdentityKind::Order, "2026030100000001").unwrap().id, out.touches[0].identity);
    assert!(out.links.is_empty());
}

#[test]
fn a_youzan_export_is_orders_of_phones() {
    let (guess, out) = import("youzan-orders");
    assert_eq!(guess.mapping.dialect.as_deref(), Some("youzan-orders"));
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    assert_eq!(out.touches[0].value, Some(8_970));
    assert_eq!(kinds(&out.touches, "E20260301120000000003"), [TouchKind::Order, TouchKind::Payment, TouchKind::Refund]);
    assert_eq!(has(&out, IdentityKind::Phone, "+8613600136001").unwrap().name.as_deref(), Some("晓晓"));
}

#[test]
fn a_shopify_order_is_one_order_and_its_lines() {
    let (guess, out) = import("shopify-orders");
    assert_eq!((guess.mapping.dialect.as_deref(), guess.mapping.settings.row_is), (Some("shopify-orders"), RowIs::OrderAndLine));
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    use TouchKind::{Cancel, Order, OrderLine, Payment, Refund, Shipment};
    assert_eq!(kinds(&out.touches, "1001"), [Order, Payment, Shipment, OrderLine, OrderLine]);
    assert_eq!(kinds(&out.touches, "1002"), [Order, Payment, Refund, OrderLine]);
    assert_eq!(kinds(&out.touches, "1003"), [Order, Cancel, OrderLine]);
    assert_eq!((out.touches[0].value, out.touches[0].currency.unwrap().code()), (Some(3_500), "USD"));
    assert_eq!(out.touches[3].value, Some(2_000));
    assert_eq!(out.touches[0].identity, has(&out, IdentityKind::Email, "mei@example.com").unwrap().id);
}

#[test]
fn shopify_customers_are_contacts_and_their_consents_wait_for_a_time() {
    let (mut guess, out) = import("shopify-customers");
    assert_eq!(guess.mapping.dialect.as_deref(), Some("shopify-customers"));
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    assert_eq!(out.records.len(), 3);
    assert!(guess.doubts.iter().any(|doubt| doubt.contains("consents")));
    guess.mapping.settings.export_time = Some(Instant::parse("2026-04-01T00:00:00Z").unwrap());
    let out = read_with(&guess.mapping, &fixture("shopify-customers"), &PostTimes::default());
    let given = out
        .records
        .iter()
        .filter(|(_, record)| matches!(record, Record::Consent(consent) if consent.state == kith_core::ConsentState::Given));
    assert_eq!((out.records.len(), given.count()), (9, 1));
}

#[test]
fn a_woocommerce_export_is_orders() {
    let (guess, out) = import("woocommerce-orders");
    assert_eq!(guess.mapping.dialect.as_deref(), Some("woocommerce-orders"));
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    assert_eq!(kinds(&out.touches, "501"), [TouchKind::Order, TouchKind::Payment]);
    assert_eq!(kinds(&out.touches, "502"), [TouchKind::Order, TouchKind::Cancel]);
    assert_eq!(kinds(&out.touches, "503"), [TouchKind::Order]);
    assert_eq!((out.touches[0].value, out.touches[0].currency.unwrap().code()), (Some(4_250), "EUR"));
}

#[test]
fn google_analytics_counts_days_by_medium_and_loses_no_source() {
    let (guess, out) = import("google-analytics");
    assert_eq!(guess.mapping.dialect.as_deref(), Some("google-analytics"));
    assert_eq!((out.passed_over, out.refusals.len()), (1, 0));
    let visits: Vec<(&str, f64)> = insights(&out)
        .iter()
        .filter(|insight| insight.metric.as_str() == "visits")
        .map(|insight| (insight.medium.as_deref().unwrap(), insight.value))
        .collect();
    let want =
        [("organic-search", 120.0), ("organic-search", 80.0), ("paid-search", 60.0), ("direct", 33.0), ("link-exchange", 12.0)];
    assert_eq!(visits, want);
    let keys: std::collections::BTreeSet<String> = out.records.iter().map(|(_, record)| record.key()).collect();
    assert_eq!(keys.len(), out.records.len());
    let revenue: f64 =
        insights(&out).iter().filter(|insight| insight.metric.as_str() == "revenue").map(|insight| insight.value).sum();
    assert_eq!(revenue, 23_480.0);
}

#[test]
fn plain_touches_are_read_and_odd_rows_refused() {
    let (guess, out) = import("touches");
    assert_eq!(guess.mapping.kind, ImportKind::Touches);
    assert_eq!((out.touches.len(), out.refusals.len()), (3, 2));
    assert_eq!(out.touches[1].kind, TouchKind::Scan);
    assert_eq!(out.touches[1].medium.as_ref().unwrap().as_str(), "wechat-subscription");
    assert_eq!(out.touches[0].id, kith_core::TouchId::of(&tenant().id, "weibo", "repost:t1"));
    assert_eq!(out.touches[2].value, Some(3_500));
    assert_eq!((out.refusals[1].row, out.refusals[1].column.as_str(), out.refusals[1].value.as_str()), (6, "at", "not a time"));
    // The same login on two channels is two identities.
    assert_ne!(out.touches[0].identity, out.touches[2].identity);
}

#[test]
fn comments_say_what_happened_in_their_headers() {
    let (guess, out) = import("weibo-comments");
    assert_eq!((guess.mapping.kind, guess.mapping.constant(&Field::Kind)), (ImportKind::Touches, Some("comment")));
    assert_eq!(out.touches.len(), 3);
    assert_eq!(out.touches[0].post.as_deref(), Some("4900000000000001"));
    // The same person said the same twice in one second: two rows, two touches.
    assert_ne!(out.touches[1].id, out.touches[2].id);
}

#[test]
fn two_equal_costs_are_two() {
    let (guess, out) = import("costs");
    assert_eq!(guess.mapping.kind, ImportKind::Costs);
    assert_eq!((out.records.len(), out.passed_over, out.refusals.len()), (3, 1, 0));
    let Record::Cost { cost, nth } = &out.records[1].1 else { panic!() };
    assert_eq!((cost.amount.minor, cost.medium.as_str(), *nth), (120_000, "weibo", 1));
    let Record::Cost { cost, .. } = &out.records[2].1 else { panic!() };
    assert_eq!((cost.kind, cost.hours, cost.medium.as_str()), (kith_core::CostKind::Labour, Some(6.5), "wechat-subscription"));
}

#[test]
fn reviews_belong_to_orders_or_to_people() {
    let (guess, out) = import("reviews");
    assert_eq!(guess.mapping.kind, ImportKind::Reviews);
    assert_eq!((out.touches.len(), out.refusals.len()), (3, 0));
    assert_eq!((out.touches[1].score, out.touches[1].text.as_deref()), (Some(1.0), Some("收到时已经漏了")));
    assert!(has(&out, IdentityKind::Order, "2026030100000004").is_some());
}

#[test]
fn cases_have_a_clock_and_stand_in_the_timeline() {
    let (guess, out) = import("cases");
    assert_eq!(guess.mapping.kind, ImportKind::Cases);
    assert_eq!((out.records.len(), out.touches.len(), out.refusals.len()), (2, 2, 0));
    let Record::Case(case) = &out.records[0].1 else { panic!() };
    assert_eq!((case.subject.as_str(), case.state()), ("漏发", kith_core::CaseState::Resolved));
    assert_eq!(out.touches[0].kind, TouchKind::Complaint);
}

#[test]
fn contacts_are_refused_where_nothing_names_them() {
    let (guess, out) = import("contacts");
    assert_eq!(guess.mapping.kind, ImportKind::Contacts);
    assert_eq!((out.records.len(), out.refusals.len()), (1, 2));
    assert!(out.refusals[0].reason.contains("lost"), "{:?}", out.refusals);
    assert!(out.refusals[1].reason.contains("e-mail"), "{:?}", out.refusals);
}

#[test]
fn a_missing_field_is_named_with_the_columns_that_might_be_it() {
    let mut mapping = Mapping::new(ImportKind::Touches);
    mapping.set("who", Field::Login);
    mapping.constants.push((Field::Kind, "visit".into()));
    let columns = ["who".to_owned(), "时间".to_owned()];
    let error = Plan::new(&mapping, &columns, &tenant(), ImportId(1), &PostTimes::default()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`at`") && text.contains("`时间`"), "{text}");
}

#[test]
fn two_columns_with_one_meaning_are_a_fault() {
    let mut mapping = Mapping::new(ImportKind::Contacts);
    mapping.columns = vec![("a".into(), Field::Login), ("b".into(), Field::Login)];
    let error =
        Plan::new(&mapping, &["a".to_owned(), "b".to_owned()], &tenant(), ImportId(1), &PostTimes::default()).unwrap_err();
    assert!(matches!(error, super::MappingError::Twice { .. }));
}

#[test]
fn without_headers_the_values_speak() {
    let columns: Vec<String> = ["c1", "c2", "c3", "c4"].map(str::to_owned).to_vec();
    let row = |n: u32| {
        vec![
            format!("user{n}@example.com"),
            format!("2026-03-0{n} 10:00:00"),
            "转发".to_owned(),
            format!("第{n}次写的一段很长的话，说明茶的味道"),
        ]
    };
    let rows: Vec<Vec<String>> = (1..9).map(row).collect();
    let guess = guess(&columns, &rows, Some(ImportKind::Touches), &tenant());
    let fields: Vec<&Field> = guess.columns.iter().map(|column| &column.field).collect();
    assert_eq!(fields, [&Field::Email, &Field::At, &Field::Kind, &Field::Text]);
    assert!(guess.columns.iter().all(|column| column.confidence < 0.8) && !guess.doubts.is_empty());
}

//! The real files of `../shared/data`, and anything at all, through the same door.

use std::collections::HashSet;
use std::io::Read;
use std::path::PathBuf;

use kith_core::{Channel, IdentityKind, ImportId, Record, TouchKind};
use proptest::prelude::*;

use super::proof::{Table, read_with, sample, table, tenant};
use super::{Field, Guess, ImportKind, Mapping, Plan, PostTimes, RowIs, Yield, guess};
use crate::file::Chunk;

/// The bytes of a file of the shared data; `None`, said aloud, where they are not there.
fn shared(path: &str) -> Option<Vec<u8>> {
    let root = match std::env::var_os("KITH_SHARED") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    let file = root.join("data").join(path);
    let Ok(bytes) = std::fs::read(&file) else {
        eprintln!("SKIPPED: {} is not there (set KITH_SHARED)", file.display());
        return None;
    };
    if !path.ends_with(".gz") {
        return Some(bytes);
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).unwrap();
    Some(plain)
}

fn import(path: &str) -> Option<(Guess, Yield)> {
    let table = table(&shared(path)?);
    let guess = guess(&table.0, sample(&table.1), None, &tenant());
    let out = read_with(&guess.mapping, &table, &PostTimes::default());
    Some((guess, out))
}

fn of_kind(out: &Yield, kind: TouchKind) -> usize {
    out.touches.iter().filter(|touch| touch.kind == kind).count()
}

fn all_different(out: &Yield) {
    let ids: HashSet<_> = out.touches.iter().map(|touch| touch.id).collect();
    assert_eq!(ids.len(), out.touches.len());
}

fn json_lines(bytes: &[u8]) -> Table {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let columns: Vec<String> = rows[0].keys().cloned().collect();
    let cell = |value: Option<&serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let rows = rows.iter().map(|row| columns.iter().map(|column| cell(row.get(column))).collect()).collect();
    (columns, rows)
}

#[test]
fn the_orders_of_olist_come_through_whole() {
    let Some((guess, out)) = import("olist_sample/olist_orders_dataset.csv") else { return };
    assert_eq!(guess.mapping.dialect.as_deref(), Some("olist-orders"));
    assert_eq!((out.rows, out.refusals.len()), (4_000, 0));
    assert_eq!(of_kind(&out, TouchKind::Order), 4_000);
    // README: 3,898 delivered, delivered late 0.0859; canceled 23 and unavailable 17 by status.
    assert_eq!(of_kind(&out, TouchKind::Cancel), 40);
    let delivered: Vec<_> = out.touches.iter().filter(|touch| touch.kind == TouchKind::Delivery).collect();
    let late = delivered.iter().filter(|touch| touch.at > touch.promised_at).count();
    assert!((late as f64 / delivered.len() as f64 - 0.0859).abs() < 0.002, "{late} of {}", delivered.len());
    all_different(&out);
}

#[test]
fn the_reviews_items_payments_and_customers_of_olist_come_through_whole() {
    let Some((guess, out)) = import("olist_sample/olist_order_reviews_dataset.csv") else { return };
    assert_eq!((guess.mapping.kind, out.touches.len(), out.refusals.len()), (ImportKind::Reviews, 3_986, 0));
    let mean = out.touches.iter().filter_map(|touch| touch.score).sum::<f64>() / out.touches.len() as f64;
    assert!((mean - 4.080).abs() < 0.001, "{mean}");
    all_different(&out);

    let Some((guess, out)) = import("olist_sample/olist_order_items_dataset.csv") else { return };
    assert_eq!((guess.mapping.settings.row_is, out.refusals.len()), (RowIs::Line, 0));
    assert_eq!(of_kind(&out, TouchKind::OrderLine) as u64, out.rows);
    all_different(&out);

    let Some((guess, out)) = import("olist_sample/olist_order_payments_dataset.csv") else { return };
    assert_eq!((guess.mapping.settings.row_is, out.refusals.len()), (RowIs::Payment, 0));
    assert_eq!(of_kind(&out, TouchKind::Payment) as u64, out.rows);
    assert!(out.touches.iter().all(|touch| touch.at.is_none()));
    all_different(&out);

    let Some((guess, out)) = import("olist_sample/olist_customers_dataset.csv") else { return };
    assert_eq!((guess.mapping.kind, out.refusals.len(), out.links.len() as u64), (ImportKind::Contacts, 0, out.rows));
}

#[test]
fn leads_have_an_origin_and_deals_no_revenue() {
    let Some((_, out)) = import("olist_funnel/mql.csv") else { return };
    assert_eq!((of_kind(&out, TouchKind::Lead), out.refusals.len()), (8_000, 0));
    let organic = out
        .touches
        .iter()
        .filter(|touch| touch.medium.as_ref().is_some_and(|medium| medium.as_str() == "organic-search"))
        .count();
    assert_eq!(organic, 2_296);
    assert_eq!(out.touches.iter().filter(|touch| touch.medium.is_none()).count(), 60);
    let Some((_, out)) = import("olist_funnel/closed_deals.csv") else { return };
    assert_eq!((of_kind(&out, TouchKind::Order), out.refusals.len()), (842, 0));
    assert!(out.touches.iter().all(|touch| touch.value.is_none()));
}

#[test]
fn every_purchase_of_cdnow_is_an_order() {
    let Some(bytes) = shared("cdnow/CDNOW_master.txt") else { return };
    let text = String::from_utf8(bytes).unwrap();
    let mut lines =
        text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).filter(|cells| !cells.is_empty());
    let table = (lines.next().unwrap(), lines.collect::<Vec<_>>());
    let guess = guess(&table.0, sample(&table.1), None, &tenant());
    assert_eq!((guess.mapping.kind, guess.mapping.settings.row_is), (ImportKind::Orders, RowIs::Order));
    let out = read_with(&guess.mapping, &table, &PostTimes::default());
    assert_eq!((of_kind(&out, TouchKind::Order), out.refusals.len()), (69_659, 0));
    assert_eq!(out.identities.len(), 23_570);
    all_different(&out);
    // In any order of reading the ids are the same.
    let backwards = (table.0.clone(), table.1.iter().rev().cloned().collect());
    let again = read_with(&guess.mapping, &backwards, &PostTimes::default());
    let ids = |out: &Yield| out.touches.iter().map(|touch| touch.id).collect::<HashSet<_>>();
    assert_eq!(ids(&out), ids(&again));
}

#[test]
fn a_weekly_marketing_mix_is_costs_and_counts_of_days() {
    let Some((guess, out)) = import("robyn_weekly/weekly.csv") else { return };
    assert_eq!(guess.mapping.kind, ImportKind::Costs);
    assert!(out.refusals.is_empty(), "{:?}", out.refusals.first());
    let mut mapping = guess.mapping;
    mapping.settings.days = 7;
    let table = table(&shared("robyn_weekly/weekly.csv").unwrap());
    let out = read_with(&mapping, &table, &PostTimes::default());
    let costs: Vec<_> = out
        .records
        .iter()
        .filter_map(|(_, record)| if let Record::Cost { cost, .. } = record { Some(cost) } else { None })
        .collect();
    let media: HashSet<&str> = costs.iter().map(|cost| cost.medium.as_str()).collect();
    assert_eq!(media, HashSet::from(["tv", "outdoor", "print", "paid-search", "facebook"]));
    assert!(costs.iter().all(|cost| (cost.until.0 - cost.from.0).num_days() == 6));
    let days = out
        .records
        .iter()
        .filter(|(_, record)| matches!(record, Record::Insight(insight) if insight.metric.as_str() == "revenue"))
        .count();
    assert_eq!(days, 208 * 7);
}

#[test]
fn reposts_are_dated_by_their_posts_and_refused_without_them() {
    let Some(roots) = shared("weibo_cascades/roots.dev.jsonl.gz") else { return };
    let roots = json_lines(&roots);
    let guessed = guess(&roots.0, sample(&roots.1), None, &tenant());
    assert_eq!(guessed.mapping.dialect.as_deref(), Some("weibo-cascade-roots"));
    let out = read_with(&guessed.mapping, &roots, &PostTimes::default());
    assert!(out.refusals.is_empty(), "{:?}", out.refusals.first());
    let posts = out.records.iter().filter_map(|(_, record)| match record {
        Record::Post(post) => Some((post.channel.clone(), post.external.clone(), post.published_at?)),
        _ => None,
    });
    let posts: PostTimes = posts.collect();

    let mut events = table(&shared("weibo_cascades/events.dev.csv.gz").unwrap());
    events.1.truncate(50_000);
    let guessed = guess(&events.0, sample(&events.1), None, &tenant());
    assert_eq!(guessed.mapping.constant(&Field::Kind), Some("repost"));
    let out = read_with(&guessed.mapping, &events, &posts);
    assert_eq!((of_kind(&out, TouchKind::Repost), out.refusals.len()), (50_000, 0));
    // cc3967d99 was published at 1294301161 and first reposted 112 s later.
    assert_eq!(out.touches[0].at.unwrap().micros(), 1_294_301_273_000_000);
    all_different(&out);
    let lost = read_with(&guessed.mapping, &events, &PostTimes::default());
    assert_eq!((lost.touches.len(), lost.refusals.len()), (0, 50_000));
    assert!(lost.refusals[0].reason.contains("import the posts first"));
}

#[test]
fn posts_about_brands_need_no_time() {
    let Some(bytes) = shared("zh_brand_posts/dev.jsonl.gz") else { return };
    let table = json_lines(&bytes);
    let guess = guess(&table.0, sample(&table.1), None, &tenant());
    assert_eq!(guess.mapping.kind, ImportKind::Posts);
    let out = read_with(&guess.mapping, &table, &PostTimes::default());
    assert_eq!((out.records.len(), out.refusals.len()), (1_388, 0));
}

/// Rows as UCI Online Retail has them, without invoice numbers: sales, a return, buyers nobody knows, a bad debt.
#[test]
fn what_nobody_known_bought_is_revenue_of_no_giant_customer() {
    let text = "Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
        MUG,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom\n\
        MUG,-1,2010-12-02 09:00:00,3.39,17850.0,United Kingdom\n\
        BEADS,10,2010-12-01 11:52:00,0.125,nan,United Kingdom\n\
        BAG,1,2010-12-01 11:52:00,4.00,,United Kingdom\n\
        BAG,1,2010-12-01 14:32:00,4.00,,United Kingdom\n\
        Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom\n";
    let table = table(text.as_bytes());
    let guess = guess(&table.0, &table.1, None, &tenant());
    assert_eq!((guess.mapping.dialect.as_deref(), guess.mapping.settings.row_is), (Some("online-retail"), RowIs::Line));
    let out = read_with(&guess.mapping, &table, &PostTimes::default());
    assert!(out.refusals.is_empty(), "{:?}", out.refusals);
    assert_eq!((of_kind(&out, TouchKind::OrderLine), of_kind(&out, TouchKind::Refund)), (5, 2));
    assert_eq!(out.touches[0].order, out.touches[1].order);
    assert_eq!((out.touches[2].kind, out.touches[2].value), (TouchKind::Refund, Some(339)));
    assert_eq!((out.touches[3].value, &out.touches[3].order), (Some(125), &out.touches[4].order));
    assert_ne!(out.touches[4].identity, out.touches[5].identity);
    let unknown = out.identities.iter().filter(|identity| identity.kind == IdentityKind::Order).count();
    assert_eq!(unknown, 3);
    let net: i64 = out
        .touches
        .iter()
        .map(|touch| if touch.kind == TouchKind::Refund { -touch.value.unwrap() } else { touch.value.unwrap() })
        .sum();
    assert_eq!(net, 1_530 + 2_034 - 339 + 125 + 400 + 400 - 1_106_206);
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,20}",
        "[0-9]{1,20}",
        "-?[0-9]{1,6}(\\.[0-9]{1,4})?",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]( [0-2][0-9]:[0-5][0-9])?",
        Just("1.38E+10".to_owned()),
        Just("=\"12\"".to_owned()),
        Just("合计".to_owned()),
        Just("转发".to_owned()),
        Just("a@example.com".to_owned()),
        Just("13800138000".to_owned()),
        Just("交易关闭".to_owned()),
        Just("2026-03-01 10:00:00".to_owned()),
        Just(String::new()),
    ]
}

fn accounted(mapping: &Mapping, columns: &[String], rows: &[Vec<String>]) {
    let Ok(plan) = Plan::new(mapping, columns, &tenant(), ImportId(1), &PostTimes::default()) else { return };
    let mut reader = plan.reader();
    Chunk::cells(2, columns.len(), rows.to_vec()).each(|row| {
        let mut out = Yield::default();
        reader.read(row.unwrap(), &mut out);
        let ends = [
            !out.refusals.is_empty(),
            out.passed_over > 0,
            !(out.touches.is_empty() && out.records.is_empty() && out.identities.is_empty()),
        ];
        // A day of a report may have no counts, a week of a plan no costs: such a row says nothing and is no fault.
        let may_say_nothing = matches!(mapping.kind, ImportKind::Posts | ImportKind::Costs | ImportKind::Contacts);
        let count = ends.iter().filter(|end| **end).count();
        assert!(count == 1 || count == 0 && may_say_nothing, "{out:?}");
        assert!(out.refusals.len() <= 1);
        assert!(out.touches.iter().all(|touch| touch.id.as_bytes() != &[0; 16] && touch.import == ImportId(1)));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_the_cells_say_every_row_is_accounted_for(
        fields in proptest::sample::subsequence(Field::PLAIN, 0..Field::PLAIN.len()),
        kind in proptest::sample::select(ImportKind::ALL.to_vec()),
        row_is in proptest::sample::select(vec![RowIs::Order, RowIs::Line, RowIs::OrderAndLine, RowIs::Payment, RowIs::Refund]),
        cells in proptest::collection::vec(any_cell(), 120),
    ) {
        let mut mapping = Mapping::new(kind);
        mapping.settings.row_is = row_is;
        let mut columns = Vec::new();
        for (field, name, _) in &fields {
            columns.push((*name).to_owned());
            mapping.columns.push(((*name).to_owned(), field.clone()));
        }
        for extra in ["metric:reads", "cost:tv", "consent:news", "attribute"] {
            columns.push(extra.to_owned());
            mapping.columns.push((extra.to_owned(), Field::parse(extra).unwrap()));
        }
        let rows: Vec<Vec<String>> = cells.chunks(columns.len()).map(<[String]>::to_vec).collect();
        accounted(&mapping, &columns, &rows);
    }

    #[test]
    fn whatever_the_headers_say_a_guess_is_made_and_read(
        columns in proptest::collection::vec(prop_oneof![
            ".{0,12}", Just("时间".to_owned()), Just("手机号".to_owned()), Just("类型".to_owned()), Just("金额".to_owned()), Just("订单号".to_owned()),
            Just("Date".to_owned()), Just("text".to_owned()), Just("tv_S".to_owned()), Just("print_S".to_owned()), Just("阅读数".to_owned()),
        ], 1..8),
        cells in proptest::collection::vec(any_cell(), 24),
    ) {
        let rows: Vec<Vec<String>> = cells.chunks(columns.len()).map(<[String]>::to_vec).collect();
        let guess = guess(&columns, &rows, None, &tenant());
        prop_assert_eq!(guess.columns.len(), columns.len());
        accounted(&guess.mapping, &columns, &rows);
    }
}

#[test]
fn the_default_channels_are_channels() {
    for kind in ImportKind::ALL {
        assert!(Channel::parse(super::plan::default_channel(kind).as_str()).is_ok());
    }
}

//! Real exports go through by the commands of `docs/import.md`, and the figures agree with what is known of the data.
//!
//! The files lie beside the project where they may; their licences forbid most of them to lie in it. Without them these stories
//! say so and pass.

use std::path::PathBuf;

use crate::shop::Shop;

fn data(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("KITH_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = shared.join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not here (KITH_SHARED names the folder)", path.display());
    None
}

fn import(shop: &Shop, name: &str, extra: &[&str]) -> Option<String> {
    let path = data(name)?;
    Some(shop.must(&[&["import", path.to_str().unwrap()], extra].concat()))
}

#[test]
fn olist_orders_and_reviews_give_the_known_scores() {
    let shop = Shop::with(&["--zone", "America/Sao_Paulo", "--currency", "BRL", "--country", "BR"]);
    // Reviews before orders: the sequence does not matter.
    for file in ["reviews", "orders", "items", "payments"] {
        let name = format!(
            "olist_sample/olist_{}_dataset.csv",
            if matches!(file, "orders") { file.to_owned() } else { format!("order_{file}") }
        );
        if import(&shop, &name, &[]).is_none() {
            return;
        }
    }
    let answer = shop.json(&["ask", "order-to-review", "--lang", "en"]);
    let score = |row: usize| answer["rows"][row][4]["value"].as_f64().unwrap();
    let n = |row: usize| answer["rows"][row][4]["n"].as_u64().unwrap();
    // The data set's own reference (expected.json) has on time 3,549 with 4.293604 and late 323 with 2.427245. It takes the first review
    // of each order as the file lists them; we take the first in time. They differ for one order (17df2c…, 3 stars listed before an earlier
    // 5), which is 2 points of 3,549 reviews: 4.294167, recomputed from the file.
    assert_eq!((n(0), n(1)), (3_549, 323));
    assert!((score(0) - 4.294_167).abs() < 1e-6 && (score(1) - 2.427_245).abs() < 1e-6, "{} {}", score(0), score(1));
    assert_eq!(answer["rows"][2][4]["claim"], "correlated");
    assert_eq!(shop.number("SELECT count(*) FROM orders"), 4_000);
}

#[test]
fn cdnow_has_its_customers_and_transactions() {
    let shop = Shop::with(&["--zone", "America/New_York", "--currency", "USD", "--country", "US"]);
    if import(&shop, "cdnow/CDNOW_master.txt", &["--kind", "orders"]).is_none() {
        return;
    }
    // README of the set: 69,659 transactions of 23,570 customers.
    assert_eq!(shop.number("SELECT count(*) FROM touches WHERE kind = 'order'"), 69_659);
    assert_eq!(shop.number("SELECT count(DISTINCT contact) FROM touches"), 23_570);
}

#[test]
fn online_retail_keeps_returns_apart_and_counts_sales_to_nobody_known() {
    let shop = Shop::with(&["--zone", "Europe/London", "--currency", "GBP", "--country", "GB"]);
    if import(&shop, "online_retail/online_retail.parquet", &["--kind", "orders"]).is_none() {
        return;
    }
    // expected.json: 541,909 rows, 4,372 customers, 10,624 rows with negative quantity, net value 9,747,747.93.
    assert_eq!(
        shop.number("SELECT count(DISTINCT contact) FROM touches JOIN (SELECT 1) ON true WHERE order_no NOT LIKE '?%'"),
        4_372
    );
    let net = shop.number(
        "SELECT sum(CASE WHEN kind = 'refund' THEN -value ELSE value END) FROM touches WHERE kind IN ('order-line', 'refund')",
    );
    assert!((net - 974_774_793).abs() <= 1, "net value in pence: {net}");
}

#[test]
fn weibo_cascades_give_posts_and_their_reposts() {
    let shop = Shop::new();
    let roots = import(&shop, "weibo_cascades/roots.dev.jsonl.gz", &["--kind", "posts", "--channel", "weibo"]);
    if roots.is_none() {
        return;
    }
    assert_eq!(shop.number("SELECT count(*) FROM posts"), 2_632);
    import(&shop, "weibo_cascades/events.dev.csv.gz", &["--channel", "weibo"]);
    // README of the set: 990,951 events on this side.
    assert_eq!(shop.number("SELECT count(*) FROM touches WHERE kind = 'repost'"), 990_951);
}

#[test]
fn leads_costs_and_brand_posts_go_through() {
    let shop = Shop::with(&["--currency", "BRL", "--zone", "America/Sao_Paulo", "--country", "BR"]);
    if import(&shop, "olist_funnel/mql.csv", &[]).is_none() {
        return;
    }
    assert_eq!(shop.number("SELECT count(*) FROM touches WHERE kind = 'lead'"), 8_000);
    assert_eq!(shop.number("SELECT count(*) FROM touches WHERE kind = 'lead' AND medium = 'organic-search'"), 2_296);
    import(&shop, "olist_funnel/closed_deals.csv", &[]);
    import(&shop, "zh_brand_posts/dev.jsonl.gz", &["--kind", "posts", "--channel", "weibo"]);
    assert_eq!(shop.number("SELECT count(*) FROM posts"), 1_388);
    import(&shop, "robyn_weekly/weekly.csv", &["--kind", "costs"]);
    assert!(shop.number("SELECT count(*) FROM costs") > 200);
}

//! The same facts give the same figures: whatever the order of files, however often one comes, by file or by call.

use std::io::Write;
use std::process::Stdio;

use crate::input;
use crate::shop::Shop;

/// What an owner would look at, as bytes: any difference is a difference.
pub fn figures(shop: &Shop) -> Vec<String> {
    let as_of = "2026-06-01T00:00:00+08:00";
    let days = ["--from", "2026-01-01", "--until", "2026-05-31", "--as-of", as_of, "--format", "csv"];
    let asks: [&[&str]; 6] = [
        &["ask", "traffic", "--by", "month,medium"],
        &["ask", "revenue", "--by", "month,medium"],
        &["ask", "customers", "--by", "month"],
        &["ask", "lifecycle"],
        &["ask", "order-to-review"],
        &["ask", "paths"],
    ];
    let mut all: Vec<String> = asks.iter().map(|ask| shop.says(&[*ask, &days].concat())).collect();
    all.push(shop.says(&[
        "sql",
        "SELECT touch_id, contact, at, kind, value, text FROM touches ORDER BY touch_id",
        "--limit",
        "100000",
        "--format",
        "csv",
    ]));
    all
}

const ORDERS: &str = "order id,buyer id,buyer phone,created at,paid at,promised at,delivered at,amount,refund amount\n\
    9001,mei,13800138000,2026-02-01 10:00:00,2026-02-01 10:05:00,2026-02-05,2026-02-04 12:00:00,128.00,\n\
    9002,ming,13900139000,2026-02-03 11:00:00,2026-02-03 11:01:00,2026-02-06,2026-02-09 09:00:00,56.50,10.00\n\
    9003,mei,13800138000,2026-03-09 20:00:00,2026-03-09 20:00:30,2026-03-12,2026-03-11 18:00:00,88.00,\n";

const REVIEWS: &str = "order id,user,time,score,text,channel\n\
    9001,mei,2026-02-06 08:00:00,5,香气很好,shop\n\
    9002,ming,2026-02-10 08:00:00,2,来得太晚,shop\n";

pub fn files(shop: &Shop) -> Vec<(String, Vec<&'static str>)> {
    let touches = input::touches(shop.path(), "touches.csv", 0, 400).path;
    let overlap = input::touches(shop.path(), "overlap.csv", 300, 300).path;
    vec![
        (touches.to_str().unwrap().to_owned(), vec![]),
        (overlap.to_str().unwrap().to_owned(), vec![]),
        (shop.file("orders.csv", ORDERS), vec!["--kind", "orders", "--channel", "shop"]),
        (shop.file("reviews.csv", REVIEWS), vec!["--kind", "reviews", "--channel", "shop"]),
    ]
}

pub fn import(shop: &Shop, (path, extra): &(String, Vec<&'static str>)) {
    shop.must(&[&["import", path.as_str()], extra.as_slice()].concat());
}

#[test]
fn files_in_any_order_give_the_same_figures() {
    let one = Shop::new();
    let all = files(&one);
    for file in &all {
        import(&one, file);
    }
    let want = figures(&one);
    assert!(want[1].contains("174.5"), "there is revenue to compare:\n{}", want[1]);

    let other = Shop::new();
    for file in files(&other).iter().rev() {
        import(&other, file);
    }
    assert_eq!(figures(&other), want);
}

#[test]
fn the_same_file_twice_changes_no_figure() {
    let shop = Shop::new();
    let all = files(&shop);
    for file in &all {
        import(&shop, file);
    }
    let want = figures(&shop);
    for (path, extra) in &all {
        let said = shop.must(&[&["import", path.as_str()], extra.as_slice()].concat());
        assert!(said.contains("already"), "{said}");
        shop.must(&[&["import", path.as_str(), "--again"], extra.as_slice()].concat());
    }
    assert_eq!(figures(&shop), want);
}

#[test]
fn the_same_event_by_file_and_by_call_is_one_touch() {
    let shop = Shop::new();
    let file = input::touches(shop.path(), "touches.csv", 0, 200);
    let append = |from: u64, until: u64| {
        let mut child = shop.command(&["append", "--batch", "50"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        for n in from..until {
            writeln!(stdin, "{}", input::json_line(n)).unwrap();
        }
        drop(stdin);
        assert!(child.wait().unwrap().success());
    };
    append(100, 300);
    shop.must(&["import", file.path.to_str().unwrap()]);
    append(0, 50);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 300);
    assert_eq!(shop.number("SELECT count(DISTINCT touch_id) FROM touches"), 300);
    shop.must(&["compact"]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 300);
    // What came by call as well stays when the file is taken back.
    shop.must(&["undo", "1"]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 250);
    shop.must(&["redo", "1"]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 300);
}

#[test]
fn undo_gives_back_the_figures_of_before_and_redo_those_of_after() {
    let shop = Shop::new();
    let all = files(&shop);
    import(&shop, &all[2]);
    import(&shop, &all[0]);
    let before = figures(&shop);
    import(&shop, &all[1]);
    import(&shop, &all[3]);
    let after = figures(&shop);
    assert_ne!(before, after);

    shop.must(&["undo", "4"]);
    shop.must(&["undo", "3"]);
    assert_eq!(figures(&shop), before);
    shop.must(&["redo", "3"]);
    shop.must(&["redo", "4"]);
    assert_eq!(figures(&shop), after);

    // Undoing the first of two overlapping imports leaves what the second says.
    shop.must(&["undo", "2"]);
    assert_eq!(shop.number("SELECT count(*) FROM touches WHERE campaign = 'spring'"), 300);
    shop.must(&["compact"]);
    shop.must(&["redo", "2"]);
    assert_eq!(figures(&shop), after);
}

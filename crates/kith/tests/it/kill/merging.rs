//! Killed while merging two contacts, and while taking the merge back: one person or two, and never a touch less.

use crate::shop::{End, Shop};

#[test]
fn a_killed_merge_loses_no_touch() {
    story(Shop::to_be_killed("merging"));
}

#[test]
fn a_killed_merge_loses_no_touch_on_postgres() {
    Shop::to_be_killed_on_postgres("merging").into_iter().for_each(story);
}

fn story(mut shop: Shop) {
    // A family: two logins of one shop with one phone, so the rules propose and do not merge.
    let text = "order id,buyer id,buyer phone,created at,amount,channel\n\
                1,mei,13800138000,2026-01-03 10:00:00,12.00,shop\n\
                2,ming,13800138000,2026-01-04 11:00:00,30.00,shop\n";
    let file = shop.path().join("orders.csv");
    std::fs::write(&file, text).unwrap();
    shop.must(&["import", file.to_str().unwrap(), "--kind", "orders", "--channel", "shop"]);
    let touches = shop.number("SELECT count(*) FROM touches");
    let people = "SELECT count(DISTINCT contact) FROM touches WHERE kind = 'order'";
    assert_eq!(shop.number(people), 2, "a shared phone does not merge people");

    let proposals = proposals(&shop);
    assert_eq!(proposals.len(), 2, "each login with the shared phone");
    let span = shop.time(&["merges", "accept", &proposals[0].to_string()]);
    shop.must(&["merges", "accept", &proposals[1].to_string()]);
    assert_eq!(shop.number(people), 1);

    let mut killed = 0;
    for n in 1..=shop.kills() {
        let standing = standing(&shop);
        let end = if let Some(merge) = standing.first() {
            shop.kill(&["merges", "undo", &merge.to_string()], span)
        } else {
            let open = self::proposals(&shop);
            shop.kill(&["merges", "accept", &open.first().expect("undone merges are proposed or decided").to_string()], span)
        };
        killed += u64::from(end == End::Killed);
        let now = shop.number(people);
        assert!(now == 1 || now == 2, "kill {n}: {now} people");
        assert_eq!(shop.number("SELECT count(*) FROM touches"), touches, "kill {n}: no touch is lost");
        if self::standing(&shop).is_empty() && self::proposals(&shop).is_empty() {
            // Both pairs are decided to be different: forget it, so that there is something to merge again.
            forget_all(&shop);
        }
    }
    shop.must(&["doctor", "--deep"]);
    eprintln!("merging: {killed} of {} were killed before they ended", shop.kills());
    assert!(killed > 0, "no process was killed in its work: this proves nothing");
}

fn proposals(shop: &Shop) -> Vec<i64> {
    shop.json(&["merges"])["proposals"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|p| p["number"].as_i64().expect("a number"))
        .collect()
}

fn standing(shop: &Shop) -> Vec<i64> {
    shop.json(&["merges", "list"])["merges"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|m| m["number"].as_i64().expect("a number"))
        .collect()
}

fn forget_all(shop: &Shop) {
    let decisions = shop.json(&["merges", "list", "--all"]);
    for decision in decisions["decisions"].as_array().expect("a list") {
        let (one, other) = (decision["one"].as_i64().expect("a number"), decision["other"].as_i64().expect("a number"));
        shop.must(&["merges", "forget", &one.to_string(), &other.to_string()]);
    }
}

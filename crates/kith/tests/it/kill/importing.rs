//! Killed while importing: the file counts wholly or not at all, and importing it again makes it whole.

use crate::input;
use crate::shop::{End, Shop};

#[test]
fn a_killed_import_counts_wholly_or_not_at_all() {
    story(Shop::to_be_killed("importing"));
}

#[test]
fn a_killed_import_counts_wholly_or_not_at_all_on_postgres() {
    Shop::to_be_killed_on_postgres("importing").into_iter().for_each(story);
}

fn story(mut shop: Shop) {
    let rows = 3_000;
    let first = input::touches(shop.path(), "first.csv", 0, rows);
    let span = shop.time(&["import", first.path.to_str().unwrap()]);
    let (mut total, mut value) = (rows as i64, first.value);
    let mut killed = 0;
    for n in 1..=shop.kills() {
        let file = input::touches(shop.path(), "next.csv", n * rows, rows);
        let path = file.path.to_str().unwrap().to_owned();
        let end = shop.kill(&["import", &path], span);
        killed += u64::from(end == End::Killed);

        let now = shop.number("SELECT count(*) FROM touches");
        let sum = shop.number("SELECT coalesce(sum(value), 0) FROM touches");
        let (before, after) = ((total, value), (total + rows as i64, value + file.value));
        assert!(
            (now, sum) == before || (now, sum) == after,
            "kill {n}: {now} touches worth {sum}; before {before:?}, after {after:?}"
        );
        assert!(end == End::Killed || (now, sum) == after, "kill {n}: an import that was acknowledged is lost");

        shop.must(&["import", &path]);
        (total, value) = after;
        assert_eq!(shop.number("SELECT count(*) FROM touches"), total, "after importing again");
        assert_eq!(shop.number("SELECT coalesce(sum(value), 0) FROM touches"), value, "after importing again");
        assert_eq!(shop.number("SELECT count(DISTINCT touch_id) FROM touches"), total, "nothing twice");
    }
    let doctor = shop.must(&["doctor", "--deep"]);
    eprintln!("importing: {killed} of {} were killed before they ended; doctor:\n{doctor}", shop.kills());
    assert!(killed > 0, "no process was killed in its work: this proves nothing");
}

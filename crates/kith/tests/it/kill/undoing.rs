//! Killed while undoing, and while undoing the undo: the import counts or it does not, never a part of it.

use crate::input;
use crate::shop::{End, Shop};

#[test]
fn a_killed_undo_leaves_the_import_whole_or_gone() {
    story(Shop::to_be_killed("undoing"));
}

#[test]
fn a_killed_undo_leaves_the_import_whole_or_gone_on_postgres() {
    Shop::to_be_killed_on_postgres("undoing").into_iter().for_each(story);
}

fn story(mut shop: Shop) {
    // Two imports that overlap: undoing the first must not take away what the second says too.
    let one = input::touches(shop.path(), "one.csv", 0, 2_000);
    let two = input::touches(shop.path(), "two.csv", 1_000, 2_000);
    shop.must(&["import", one.path.to_str().unwrap()]);
    shop.must(&["import", two.path.to_str().unwrap()]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 3_000);
    let span = shop.time(&["undo", "1"]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 2_000, "what the second import says stays");
    assert_eq!(shop.number("SELECT coalesce(sum(value), 0) FROM touches"), two.value);
    let mut killed = 0;
    let mut stands = false;
    for n in 1..=shop.kills() {
        let act = if stands { "undo" } else { "redo" };
        let end = shop.kill(&[act, "1"], span);
        killed += u64::from(end == End::Killed);
        let now = shop.number("SELECT count(*) FROM touches");
        assert!(now == 2_000 || now == 3_000, "kill {n} ({act}): {now} touches");
        assert_eq!(shop.number("SELECT count(DISTINCT touch_id) FROM touches"), now, "kill {n}");
        let after = now == 3_000;
        assert!(end == End::Killed || after != stands, "kill {n}: `{act}` was acknowledged and did nothing");
        stands = after;
    }
    if !stands {
        shop.must(&["redo", "1"]);
    }
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 3_000);
    shop.must(&["doctor", "--deep"]);
    eprintln!("undoing: {killed} of {} were killed before they ended", shop.kills());
    assert!(killed > 0, "no process was killed in its work: this proves nothing");
}

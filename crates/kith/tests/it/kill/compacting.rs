//! Killed while compacting: the same touches before and after, wherever they lie.

use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use crate::input;
use crate::shop::{End, Shop};

fn append(shop: &Shop, first: u64, rows: u64) {
    let mut child = shop
        .command(&["append", "--batch", "500"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    for n in first..first + rows {
        writeln!(stdin, "{}", input::json_line(n)).expect("append reads");
    }
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_killed_compaction_changes_no_figure() {
    story(Shop::to_be_killed("compacting"));
}

#[test]
fn a_killed_compaction_changes_no_figure_on_postgres() {
    Shop::to_be_killed_on_postgres("compacting").into_iter().for_each(story);
}

fn story(mut shop: Shop) {
    let rows = 500;
    append(&shop, 0, rows);
    let start = Instant::now();
    shop.must(&["compact"]);
    let span = start.elapsed();
    let (mut killed, mut expected) = (0, rows as i64);
    for n in 1..=shop.kills() {
        append(&shop, n * rows, rows);
        // The same touches again, by file: what is hot and what is cold must still be counted once.
        if n % 5 == 0 {
            let again = input::touches(shop.path(), &format!("again{n}.csv"), n * rows, rows / 2);
            shop.must(&["import", again.path.to_str().unwrap()]);
        }
        expected += rows as i64;
        let value: i64 = shop.number("SELECT coalesce(sum(value), 0) FROM touches");
        killed += u64::from(shop.kill(&["compact"], span) == End::Killed);
        assert_eq!(shop.number("SELECT count(*) FROM touches"), expected, "kill {n}");
        assert_eq!(shop.number("SELECT count(DISTINCT touch_id) FROM touches"), expected, "kill {n}");
        assert_eq!(shop.number("SELECT coalesce(sum(value), 0) FROM touches"), value, "kill {n}");
    }
    shop.must(&["compact"]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), expected);
    shop.must(&["doctor", "--deep"]);
    eprintln!("compacting: {killed} of {} were killed before they ended", shop.kills());
    assert!(killed > 0, "no process was killed in its work: this proves nothing");
}

//! Killed while compacting: the same touches before and after, wherever they lie.

use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use super::bench_of_victims::{End, Victim, kills};
use super::input;

fn append(victim: &Victim, first: u64, rows: u64) {
    let mut child = victim.command(&["append", "--batch", "500"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    for n in first..first + rows {
        writeln!(stdin, "{}", input::json_line(n)).expect("append reads");
    }
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_killed_compaction_changes_no_figure() {
    let mut victim = Victim::new("compacting");
    let rows = 500;
    append(&victim, 0, rows);
    let start = Instant::now();
    victim.must(&["compact"]);
    let span = start.elapsed();
    let (mut killed, mut expected) = (0, rows as i64);
    for n in 1..=kills() {
        append(&victim, n * rows, rows);
        // The same touches again, by file: what is hot and what is cold must still be counted once.
        if n % 5 == 0 {
            let again = input::touches(victim.path(), &format!("again{n}.csv"), n * rows, rows / 2);
            victim.must(&["import", again.path.to_str().unwrap()]);
        }
        expected += rows as i64;
        let value: i64 = victim.number("SELECT coalesce(sum(value), 0) FROM touches");
        killed += u64::from(victim.kill(&["compact"], span) == End::Killed);
        assert_eq!(victim.number("SELECT count(*) FROM touches"), expected, "kill {n}");
        assert_eq!(victim.number("SELECT count(DISTINCT touch_id) FROM touches"), expected, "kill {n}");
        assert_eq!(victim.number("SELECT coalesce(sum(value), 0) FROM touches"), value, "kill {n}");
    }
    victim.must(&["compact"]);
    assert_eq!(victim.number("SELECT count(*) FROM touches"), expected);
    victim.must(&["doctor", "--deep"]);
    eprintln!("compacting: {killed} of {} were killed before they ended", kills());
    assert!(killed > 0, "no process was killed in its work: this proves nothing");
}

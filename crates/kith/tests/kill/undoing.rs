//! Killed while undoing, and while undoing the undo: the import counts or it does not, never a part of it.

use super::bench_of_victims::{End, Victim, kills};
use super::input;

#[test]
fn a_killed_undo_leaves_the_import_whole_or_gone() {
    let mut victim = Victim::new("undoing");
    // Two imports that overlap: undoing the first must not take away what the second says too.
    let one = input::touches(victim.path(), "one.csv", 0, 2_000);
    let two = input::touches(victim.path(), "two.csv", 1_000, 2_000);
    victim.must(&["import", one.path.to_str().unwrap()]);
    victim.must(&["import", two.path.to_str().unwrap()]);
    assert_eq!(victim.number("SELECT count(*) FROM touches"), 3_000);
    let span = victim.time(&["undo", "1"]);
    assert_eq!(victim.number("SELECT count(*) FROM touches"), 2_000, "what the second import says stays");
    assert_eq!(victim.number("SELECT coalesce(sum(value), 0) FROM touches"), two.value);
    let mut killed = 0;
    let mut stands = false;
    for n in 1..=kills() {
        let act = if stands { "undo" } else { "redo" };
        let end = victim.kill(&[act, "1"], span);
        killed += u64::from(end == End::Killed);
        let now = victim.number("SELECT count(*) FROM touches");
        assert!(now == 2_000 || now == 3_000, "kill {n} ({act}): {now} touches");
        assert_eq!(victim.number("SELECT count(DISTINCT touch_id) FROM touches"), now, "kill {n}");
        let after = now == 3_000;
        assert!(end == End::Killed || after != stands, "kill {n}: `{act}` was acknowledged and did nothing");
        stands = after;
    }
    if !stands {
        victim.must(&["redo", "1"]);
    }
    assert_eq!(victim.number("SELECT count(*) FROM touches"), 3_000);
    victim.must(&["doctor", "--deep"]);
    eprintln!("undoing: {killed} of {} were killed before they ended", kills());
    assert!(killed > 0, "no process was killed in its work: this proves nothing");
}

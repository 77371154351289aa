//! Killed while appending: every touch that was acknowledged is there, once.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::input;
use crate::shop::{Shop, kills};

#[test]
fn every_acknowledged_touch_survives_once() {
    let mut shop = Shop::to_be_killed("appending");
    let lines = 400_u64;
    let mut acknowledged = 0_i64;
    let mut sent = 0_i64;
    for n in 0..kills() {
        let mut child = shop
            .command(&["append", "--batch", "10"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut stdin = child.stdin.take().expect("it was piped");
        let first = n * lines;
        let writer = thread::spawn(move || {
            // Fails when the reader is killed: that is the story.
            for line in first..first + lines {
                if writeln!(stdin, "{}", input::json_line(line)).is_err() {
                    return;
                }
            }
        });
        let stdout = BufReader::new(child.stdout.take().expect("it was piped"));
        let delay = Duration::from_secs_f64(0.05 + shop.roll() * 0.4);
        let killer = thread::spawn(move || {
            thread::sleep(delay);
            let _ = child.kill();
            child.wait().expect("the child can be waited for")
        });
        // Each line says how many touches of this run are durable: `ok 10`.
        let mut durable = 0_i64;
        for line in stdout.lines().map_while(Result::ok) {
            if let Some(count) = line.strip_prefix("ok ") {
                durable = count.trim().parse().expect("a number");
            }
        }
        writer.join().expect("the writer ends");
        killer.join().expect("the killer ends");
        acknowledged += durable;
        sent += lines as i64;

        let now = shop.number("SELECT count(*) FROM touches");
        assert!(now >= acknowledged, "kill {n}: {acknowledged} were acknowledged and {now} are there");
        assert!(now <= sent, "kill {n}: {sent} were sent and {now} are there");
        assert_eq!(shop.number("SELECT count(DISTINCT touch_id) FROM touches"), now, "nothing twice");
        // What was durable before it could be acknowledged counts from now on.
        acknowledged = now;
    }
    eprintln!("appending: {acknowledged} touches of {sent} came through {} kills", kills());
    assert!(acknowledged > 0, "nothing was ever appended: this proves nothing");
    assert!(acknowledged < sent, "no process was killed in its work: this proves nothing");
}

//! Killed while appending: every touch that was acknowledged is there, once.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::input;
use crate::shop::Shop;

#[test]
fn every_acknowledged_touch_survives_once() {
    story(Shop::to_be_killed("appending"));
}

#[test]
fn every_acknowledged_touch_survives_once_on_postgres() {
    Shop::to_be_killed_on_postgres("appending").into_iter().for_each(story);
}

const LINES: u64 = 400;

/// Sends lines to a new process, which is killed after a while or ends by itself; how many it said were durable.
fn send(shop: &Shop, first: u64, kill_after: Option<Duration>) -> i64 {
    let mut child = shop
        .command(&["append", "--batch", "10"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("it was piped");
    let writer = thread::spawn(move || {
        // Fails when the reader is killed: that is the story.
        for line in first..first + LINES {
            if writeln!(stdin, "{}", input::json_line(line)).is_err() {
                return;
            }
        }
    });
    let stdout = BufReader::new(child.stdout.take().expect("it was piped"));
    let killer = thread::spawn(move || {
        if let Some(delay) = kill_after {
            thread::sleep(delay);
            let _ = child.kill();
        }
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
    durable
}

fn story(mut shop: Shop) {
    // The first is left alone, to see how long one takes on this machine.
    let start = Instant::now();
    let mut acknowledged = send(&shop, 0, None);
    let span = start.elapsed();
    let mut sent = LINES as i64;
    assert_eq!(acknowledged, sent);
    for n in 1..=shop.kills() {
        let delay = span.mul_f64(shop.roll() * 1.05);
        acknowledged += send(&shop, n * LINES, Some(delay));
        sent += LINES as i64;

        let now = shop.number("SELECT count(*) FROM touches");
        assert!(now >= acknowledged, "kill {n}: {acknowledged} were acknowledged and {now} are there");
        assert!(now <= sent, "kill {n}: {sent} were sent and {now} are there");
        assert_eq!(shop.number("SELECT count(DISTINCT touch_id) FROM touches"), now, "nothing twice");
        // What was durable before it could be acknowledged counts from now on.
        acknowledged = now;
    }
    eprintln!("appending: {acknowledged} touches of {sent} came through {} kills", shop.kills());
    assert!(acknowledged < sent, "no process was killed in its work: this proves nothing");
}

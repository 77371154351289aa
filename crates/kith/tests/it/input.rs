//! Touches that we know, written as a file a person could have exported; what must be counted is kept beside them.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Some touches, and what they add up to.
pub struct Input {
    pub path: PathBuf,
    /// Sum of values in fen.
    pub value: i64,
}

/// Writes `rows` touches whose ids start at `first`, over four months and a few hundred people.
pub fn touches(dir: &Path, name: &str, first: u64, rows: u64) -> Input {
    let mut text = String::from("id,time,user,channel,type,medium,campaign,amount,text\n");
    let mut value = 0;
    for n in first..first + rows {
        let line = line(n);
        value += line.fen;
        let _ = writeln!(
            text,
            "{},{},{},weibo,{},weibo,spring,{}.{:02},第{n}条",
            line.id,
            line.at,
            line.user,
            line.kind,
            line.fen / 100,
            line.fen % 100
        );
    }
    let path = dir.join(name);
    std::fs::write(&path, text).expect("the test's folder is writable");
    Input { path, value }
}

/// One touch as a JSON line, for `kith append`.
pub fn json_line(n: u64) -> String {
    let line = line(n);
    format!(
        r#"{{"id":"{}","time":"{}","user":"{}","channel":"weibo","type":"{}","medium":"weibo","campaign":"spring","amount":"{}.{:02}"}}"#,
        line.id,
        line.at,
        line.user,
        line.kind,
        line.fen / 100,
        line.fen % 100
    )
}

struct Line {
    id: String,
    at: String,
    user: String,
    kind: &'static str,
    fen: i64,
}

fn line(n: u64) -> Line {
    Line {
        id: format!("t{n}"),
        at: format!("2026-{:02}-{:02} {:02}:{:02}:00", 1 + n % 4, 1 + n % 28, n % 24, n % 60),
        user: format!("u{}", n * 7919 % 331),
        kind: ["comment", "repost", "like", "visit"][(n % 4) as usize],
        fen: (n as i64 * 37) % 10_000,
    }
}

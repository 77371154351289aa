//! `kith contacts | head -1`: a reader that has seen enough closes the pipe, and the command ends quietly.

use std::process::Stdio;

use crate::input;
use crate::shop::Shop;

/// An end of a pipe that nobody reads.
fn unread() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

#[test]
fn a_reader_that_has_gone_is_no_error_for_any_command() {
    let shop = Shop::new();
    let file = input::touches(shop.path(), "t.csv", 0, 500);
    let file = file.path.to_str().unwrap();
    let plan = shop
        .file("plan.toml", "[[campaign]]\nid = \"spring\"\nname = \"Spring\"\nfrom = \"2126-01-01\"\nuntil = \"2126-04-30\"\n");
    let out = shop.path().join("out.csv");
    let out = out.to_str().unwrap();
    let commands: [&[&str]; 27] = [
        &["--help"],
        &["init", "tea"],
        &["import", "--preview", file],
        &["import", file],
        &["import", file],
        &["import", "--again", file, "--format", "json"],
        &["imports"],
        &["undo", "1"],
        &["redo", "1"],
        &["contacts", "u330"],
        &["contacts", "u330", "--format", "json"],
        &["contacts", "nobody at all"],
        &["timeline", "u330"],
        &["today"],
        &["ask"],
        &["ask", "traffic"],
        &["ask", "traffic", "--format", "csv"],
        &["ask", "timeline", "u330"],
        &["merges"],
        &["merges", "list"],
        &["plan", &plan],
        &["plan"],
        &["sql", "SELECT * FROM touches"],
        &["export", "traffic", out],
        &["compact"],
        &["doctor"],
        &["completions", "bash"],
    ];
    for args in commands {
        let heard = shop.command(args).stdin(Stdio::null()).stdout(unread()).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&heard.stderr);
        assert!(
            heard.status.success() && !said.contains("panicked") && !said.contains("pipe"),
            "{args:?}: {}: {said}",
            heard.status
        );
        let unheard = shop.command(args).stdin(Stdio::null()).stdout(unread()).stderr(unread()).status().unwrap();
        // The same once more may have nothing to do, which is said as an error; what it may not do is break down.
        assert!(unheard.code().is_some_and(|code| code <= 1), "{args:?}: {unheard}");
    }
}

#[test]
fn what_a_command_does_is_done_though_nobody_listens() {
    let shop = Shop::new();
    let files = [0, 1, 2].map(|n| input::touches(shop.path(), &format!("{n}.csv"), n * 100, 100));
    let mut args = vec!["import"];
    args.extend(files.iter().map(|file| file.path.to_str().unwrap()));
    assert!(shop.command(&args).stdin(Stdio::null()).stdout(unread()).stderr(unread()).status().unwrap().success());
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 300);
}

#[test]
fn an_answer_that_does_not_fit_on_the_disk_is_an_error() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        eprintln!("skipped: this system has no /dev/full");
        return;
    };
    let shop = Shop::new();
    let output = shop.command(&["ask"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("the answer could not be written"));
}

//! The same story on SQLite and on PostgreSQL gives the same bytes; and PostgreSQL may go away in the midst of it.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use kith_journal::testing::{PostgresServer, postgres_url};

use crate::input;
use crate::same_figures::{self, figures};
use crate::shop::Shop;

#[test]
fn both_engines_tell_the_same_story() {
    let Some(url) = postgres_url() else {
        return;
    };
    let (lite, post) = (Shop::new(), Shop::on(&url));
    for shop in [&lite, &post] {
        for file in same_figures::files(shop) {
            same_figures::import(shop, &file);
        }
        shop.must(&["undo", "2"]);
        shop.must(&["redo", "2"]);
        shop.must(&["undo", "1"]);
        shop.must(&["compact"]);
    }
    assert_eq!(figures(&lite), figures(&post));
    for ask in [["contacts", "mei"], ["contacts", "8000"], ["contacts", "9002"]] {
        assert_eq!(lite.says(&ask), post.says(&ask), "{ask:?}");
    }
    post.must(&["doctor", "--deep"]);
}

#[test]
fn a_writer_from_another_folder_on_the_same_database_waits_and_is_told() {
    let Some(url) = postgres_url() else {
        return;
    };
    let (one, other) = (Shop::on(&url), Shop::on(&url));
    std::fs::write(other.store().join("kith.toml"), "[store]\nwait_seconds = 2\n").unwrap();
    let mut first = one.command(&["append", "--batch", "1"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(first.stdin.as_mut().unwrap(), "{}", input::json_line(1)).unwrap();
    let mut said = String::new();
    BufReader::new(first.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "ok 1\n");
    let told = other.must_fail(&["init", "coffee"]);
    assert!(told.contains("another kith (on this database) is writing to this store; waiting for it"), "{told}");
    assert!(told.contains("still writing") && told.contains("after 2 s of waiting"), "{told}");
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success());
    other.must(&["init", "coffee"]);
}

#[test]
fn a_server_that_is_restarted_in_the_midst_of_an_import_loses_nothing() {
    let Some(mut server) = PostgresServer::start() else {
        return;
    };
    let url = server.create_database();
    let shop = Shop::on(&url);
    let small = input::touches(shop.path(), "small.csv", 0, 500);
    shop.must(&["import", small.path.to_str().unwrap()]);
    let large = input::touches(shop.path(), "large.csv", 500, 60_000);
    let path = large.path.to_str().unwrap();
    let child = shop.command(&["import", path]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    server.stop();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let down = shop.must_fail(&["ask", "traffic"]);
    assert!(down.contains("PostgreSQL cannot be reached"), "{down}");
    server.go_on();
    let now = shop.number("SELECT count(*) FROM touches");
    if output.status.success() {
        eprintln!("the import was faster than the restart");
        assert_eq!(now, 60_500);
    } else {
        assert!(said.contains("PostgreSQL"), "{said}");
        assert_eq!(now, 500, "nothing of the interrupted import counts: {said}");
        shop.must(&["import", path]);
        assert_eq!(shop.number("SELECT count(*) FROM touches"), 60_500);
    }
    shop.must(&["doctor", "--deep"]);
}

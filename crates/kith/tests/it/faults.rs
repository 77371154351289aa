//! When the machine fails: a clear error with what to do, no loss, no half state.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::input;
use crate::shop::Shop;

fn a_parquet_file(shop: &Shop) -> std::path::PathBuf {
    let mut folders = vec![shop.store().join("lake")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|ending| ending == "parquet") {
                return entry.path();
            }
        }
    }
    panic!("the lake has no file");
}

fn with_touches() -> Shop {
    let shop = Shop::new();
    let file = input::touches(shop.path(), "t.csv", 0, 500);
    shop.must(&["import", file.path.to_str().unwrap()]);
    shop
}

#[test]
fn a_missing_file_of_the_lake_is_named_and_the_doctor_says_what_to_do() {
    let shop = with_touches();
    let file = a_parquet_file(&shop);
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    let aside = shop.path().join("aside");
    fs::rename(&file, &aside).unwrap();
    let said = shop.must_fail(&["ask", "traffic"]);
    assert!(said.contains(&name) && said.contains("kith doctor"), "{said}");
    let doctor = shop.run(&["doctor"]);
    assert!(!doctor.status.success());
    assert!(String::from_utf8_lossy(&doctor.stdout).contains(&name));
    // The sweep takes empty folders away.
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::rename(&aside, &file).unwrap();
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 500);
    shop.must(&["doctor"]);
}

#[test]
fn a_corrupted_file_of_the_lake_is_named() {
    let shop = with_touches();
    let file = a_parquet_file(&shop);
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    let sound = fs::read(&file).unwrap();
    let mut broken = sound.clone();
    for byte in &mut broken[20..200] {
        *byte ^= 0x5a;
    }
    fs::write(&file, &broken).unwrap();
    let doctor = shop.run(&["doctor", "--deep"]);
    assert!(!doctor.status.success());
    assert!(String::from_utf8_lossy(&doctor.stdout).contains(&name));
    // The end of the file is whole, so what is wrong shows in the midst of a question only.
    let out = shop.path().join("out.parquet");
    for args in [&["sql", "SELECT count(DISTINCT touch_id) FROM touches"][..], &["export", "touches", out.to_str().unwrap()]] {
        let said = shop.must_fail(args);
        assert!(said.contains(&name) && said.contains("backup") && said.contains("kith doctor"), "{args:?}: {said}");
    }
    assert!(!out.exists());
    fs::write(&file, &sound[..sound.len() / 2]).unwrap();
    let said = shop.must_fail(&["sql", "SELECT count(text) FROM touches"]);
    assert!(said.contains(&name) && said.contains("kith doctor"), "{said}");
    fs::write(&file, &sound).unwrap();
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 500);
}

/// A folder in which nobody may write, until this value goes.
struct ReadOnly {
    folder: PathBuf,
    mounted: bool,
}

impl ReadOnly {
    /// `None`, with a word on stderr, where this machine cannot arrange it.
    fn make(folder: &Path) -> Option<Self> {
        let mut read_only = Self { folder: folder.to_owned(), mounted: false };
        read_only.chmod("a-w");
        if fs::write(folder.join("probe"), "x").is_err() {
            return Some(read_only);
        }
        // Root may write anywhere; a mount that may only be read stops it too.
        let _ = fs::remove_file(folder.join("probe"));
        read_only.mounted = read_only.mount("bind");
        if read_only.mounted && read_only.mount("remount,bind,ro") {
            return Some(read_only);
        }
        eprintln!("skipped: this user writes everywhere and may not mount");
        None
    }

    fn chmod(&self, mode: &str) {
        assert!(Command::new("chmod").args(["-R", mode]).arg(&self.folder).status().unwrap().success());
    }

    fn mount(&self, options: &str) -> bool {
        let mount = Command::new("mount").args(["-o", options]).arg(&self.folder).arg(&self.folder).output();
        mount.is_ok_and(|out| out.status.success())
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg(&self.folder).status();
        }
        let _ = Command::new("chmod").args(["-R", "u+w"]).arg(&self.folder).status();
    }
}

#[test]
fn a_folder_that_may_only_be_read_answers_everything_and_takes_nothing() {
    let shop = with_touches();
    let more = input::touches(shop.path(), "more.csv", 500, 10);
    let more = more.path.to_str().unwrap();
    let (csv, parquet) = (shop.path().join("all.csv"), shop.path().join("all.parquet"));
    let asked: [&[&str]; 10] = [
        &["ask", "traffic", "--by", "medium"],
        &["sql", "SELECT count(*), sum(value) FROM touches"],
        &["timeline", "u330"],
        &["contacts", "u330"],
        &["today"],
        &["imports"],
        &["merges"],
        &["import", "--preview", more],
        &["export", "SELECT * FROM touches ORDER BY touch_id", csv.to_str().unwrap()],
        &["export", "traffic", parquet.to_str().unwrap()],
    ];
    let before = asked.map(|args| shop.says(args));
    let exported = fs::read_to_string(&csv).unwrap();
    {
        let Some(_read_only) = ReadOnly::make(&shop.store()) else { return };
        let now = asked.map(|args| shop.says(args));
        assert_eq!(before, now);
        assert_eq!(exported, fs::read_to_string(&csv).unwrap());
        assert!(shop.says(&["doctor", "--deep"]).contains("may only be read"));
        let commands: [&[&str]; 6] =
            [&["import", more], &["undo", "1"], &["append"], &["compact"], &["init", "coffee"], &["plan", more]];
        for args in commands {
            let said = shop.must_fail(args);
            assert!(said.contains("may only be read") && said.contains("--store"), "{args:?}: {said}");
        }
    }
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 500);
    shop.must(&["import", more]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 510);
}

#[test]
fn what_a_killed_writer_acknowledged_is_seen_where_nothing_may_be_written_or_it_is_said_why_not() {
    let shop = with_touches();
    let mut writer = shop.command(&["append", "--batch", "5"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines: Vec<String> = (500..505).map(input::json_line).collect();
    writer.stdin.as_mut().unwrap().write_all((lines.join("\n") + "\n").as_bytes()).unwrap();
    let mut said = String::new();
    BufReader::new(writer.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "ok 5\n");
    writer.kill().unwrap();
    writer.wait().unwrap();
    assert!(fs::metadata(shop.store().join("kith.db-wal")).unwrap().len() > 0, "a killed writer leaves its log");
    // A copy that lacks what SQLite needs to read the log.
    let copy = shop.path().join("copy");
    assert!(Command::new("cp").arg("-r").arg(shop.store()).arg(&copy).status().unwrap().success());
    fs::remove_file(copy.join("kith.db-shm")).unwrap();
    {
        let Some(_read_only) = ReadOnly::make(&shop.store()) else { return };
        assert_eq!(shop.number("SELECT count(*) FROM touches"), 505);
    }
    let count = || shop.command(&["sql", "SELECT count(*) FROM touches"]).env("KITH_STORE", &copy).output().unwrap();
    {
        let Some(_read_only) = ReadOnly::make(&copy) else { return };
        let output = count();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "the log was passed over: {}", String::from_utf8_lossy(&output.stdout));
        assert!(said.contains("kith.db") && said.contains("copy the folder to where you may"), "{said}");
    }
    let output = count();
    assert!(String::from_utf8_lossy(&output.stdout).contains("505"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_full_disk_stops_an_import_and_loses_nothing() {
    let shop = Shop::new();
    let disk = shop.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(&disk).output();
    if !mounted.is_ok_and(|out| out.status.success()) {
        eprintln!("skipped: a small disk takes the right to mount");
        return;
    }
    let store = disk.join("store");
    let kith = |args: &[&str]| shop.command(args).env("KITH_STORE", &store).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let ready = kith(&["init", "tea"]);
    let small = input::touches(shop.path(), "small.csv", 0, 1_000);
    let first = kith(&["import", small.path.to_str().unwrap()]);
    let large = input::touches(shop.path(), "large.csv", 1_000, 120_000);
    let full = kith(&["import", large.path.to_str().unwrap()]);
    let after = kith(&["sql", "SELECT count(*), sum(value) FROM touches", "--format", "csv"]);
    let doctor = kith(&["doctor", "--deep"]);
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
    assert!(ready.status.success(), "{}", text(&ready.stderr));
    assert!(first.status.success(), "{}", text(&first.stderr));
    assert!(!full.status.success());
    assert!(text(&full.stderr).contains("disk is full"), "{}", text(&full.stderr));
    assert!(text(&after.stdout).contains(&format!("1000,{}", small.value)), "{}{}", text(&after.stdout), text(&after.stderr));
    assert!(doctor.status.success(), "{}", text(&doctor.stdout));
}

#[test]
fn a_question_that_cannot_be_computed_is_not_blamed_on_a_file() {
    let shop = with_touches();
    let said = shop.must_fail(&["sql", "SELECT 1 / (count(*) - 500) FROM touches"]);
    assert!(said.contains("ivide by zero") && !said.contains("doctor"), "{said}");
    let said = shop.must_fail(&["sql", "SELECT CAST(text AS BIGINT) FROM touches"]);
    assert!(said.contains("第") && !said.contains("doctor"), "{said}");
}

#[test]
fn a_second_writer_waits_for_the_first() {
    let shop = with_touches();
    let large = input::touches(shop.path(), "large.csv", 500, 20_000);
    let small = input::touches(shop.path(), "small.csv", 20_500, 10);
    let mut first = shop.command(&["import", large.path.to_str().unwrap()]).stdout(Stdio::null()).spawn().unwrap();
    let second = shop.run(&["import", small.path.to_str().unwrap()]);
    assert!(first.wait().unwrap().success());
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 20_510);
}

#[test]
fn a_second_writer_that_waits_in_vain_is_told_who_writes_and_what_to_do() {
    let shop = with_touches();
    fs::write(shop.store().join("kith.toml"), "[store]\nwait_seconds = 1\n").unwrap();
    let small = input::touches(shop.path(), "small.csv", 600, 10);
    let small = small.path.to_str().unwrap();
    // It writes for as long as somebody may still send it something.
    let mut first = shop.command(&["append", "--batch", "1"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(first.stdin.as_mut().unwrap(), "{}", input::json_line(500)).unwrap();
    let mut said = String::new();
    BufReader::new(first.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "ok 1\n");
    let told = shop.must_fail(&["import", small]);
    let holder = format!("another kith (process {})", first.id());
    assert!(told.contains(&format!("{holder} is writing to this store; waiting for it")), "{told}");
    assert!(told.contains(&format!("{holder} is still writing to")) && told.contains("after 1 s of waiting"), "{told}");
    assert!(told.contains("let it finish, or stop it") && told.contains("wait_seconds"), "{told}");
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 501, "readers do not wait");
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success());
    let told = shop.must(&["import", small]);
    assert!(!told.contains("waiting"), "{told}");
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 511);
}

#[test]
fn a_database_that_somebody_else_holds_is_said() {
    let shop = with_touches();
    let database = shop.store().join("kith.db");
    // Another program (not Kith) in the midst of a transaction of its own.
    let script = "import sqlite3,sys,time\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute('BEGIN EXCLUSIVE')\nprint('held',flush=True)\ntime.sleep(60)\n";
    let Ok(mut holder) = Command::new("python3").arg("-c").arg(script).arg(&database).stdout(Stdio::piped()).spawn() else {
        eprintln!("skipped: python3 is missing");
        return;
    };
    let mut held = [0; 4];
    std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut held).unwrap();
    let file = input::touches(shop.path(), "more.csv", 500, 10);
    let said = shop.must_fail(&["import", file.path.to_str().unwrap()]);
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(said.contains("lock"), "{said}");
    shop.must(&["import", file.path.to_str().unwrap()]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 510);
}

//! When the machine fails: a clear error with what to do, no loss, no half state.

use std::fs;
use std::process::Command;

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
    fs::write(&file, &sound[..sound.len() / 2]).unwrap();
    let said = shop.must_fail(&["sql", "SELECT count(text) FROM touches"]);
    assert!(said.contains(&name) && said.contains("kith doctor"), "{said}");
    fs::write(&file, &sound).unwrap();
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 500);
}

#[test]
fn a_folder_that_may_only_be_read_is_said() {
    let shop = with_touches();
    let file = input::touches(shop.path(), "more.csv", 500, 10);
    let store = shop.store();
    let chmod = |mode: &str| assert!(Command::new("chmod").args(["-R", mode]).arg(&store).status().unwrap().success());
    chmod("a-w");
    if fs::write(store.join("probe"), "x").is_ok() {
        // Root may write anywhere; a mount that may only be read stops it too.
        let _ = fs::remove_file(store.join("probe"));
        chmod("u+w");
        let mount = |options: &str| {
            Command::new("mount").args(["-o", options]).arg(&store).arg(&store).output().is_ok_and(|out| out.status.success())
        };
        if !mount("bind") {
            eprintln!("skipped: this user writes everywhere and may not mount");
            return;
        }
        let remounted = mount("remount,bind,ro");
        let said = remounted.then(|| shop.must_fail(&["import", file.path.to_str().unwrap()]));
        assert!(Command::new("umount").arg(&store).status().unwrap().success());
        let Some(said) = said else {
            eprintln!("skipped: the mount cannot be made read-only");
            return;
        };
        assert!(said.contains("may only be read"), "{said}");
    } else {
        let said = shop.must_fail(&["import", file.path.to_str().unwrap()]);
        chmod("u+w");
        assert!(said.contains("may only be read"), "{said}");
    }
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 500);
    shop.must(&["import", file.path.to_str().unwrap()]);
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 510);
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
fn a_second_writer_waits_for_the_first() {
    let shop = with_touches();
    let large = input::touches(shop.path(), "large.csv", 500, 20_000);
    let small = input::touches(shop.path(), "small.csv", 20_500, 10);
    let mut first = shop.command(&["import", large.path.to_str().unwrap()]).stdout(std::process::Stdio::null()).spawn().unwrap();
    let second = shop.run(&["import", small.path.to_str().unwrap()]);
    assert!(first.wait().unwrap().success());
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(shop.number("SELECT count(*) FROM touches"), 20_510);
}

#[test]
fn a_database_that_somebody_else_holds_is_said() {
    let shop = with_touches();
    let database = shop.store().join("kith.db");
    // Another program (not Kith) in the midst of a transaction of its own.
    let script = "import sqlite3,sys,time\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute('BEGIN EXCLUSIVE')\nprint('held',flush=True)\ntime.sleep(60)\n";
    let Ok(mut holder) =
        Command::new("python3").arg("-c").arg(script).arg(&database).stdout(std::process::Stdio::piped()).spawn()
    else {
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

use kith_core::{ContactId, Day, IdentityId, ImportId, Touch};

use super::*;
use crate::HiddenRows;
use crate::testing::{at, count, full, lake, touch};

fn some(days: std::ops::RangeInclusive<u32>) -> Vec<Touch> {
    days.map(|day| touch(&day.to_string(), i64::from(day) % 5, &format!("2026-11-{day:02}T18:00:00Z"))).collect()
}

#[tokio::test]
async fn hidden_rows_are_seen_by_no_question() {
    let lake = lake();
    let mut files = lake.write(&some(1..=20));
    let all = lake.session(files.clone());
    assert_eq!(count(&all, "SELECT count(*) AS n FROM touches").await, 20);
    // Rows 0 to 3 are those of identity 0 (days 5, 10, 15, 20).
    files[0].hidden = Some([0, 2, 3].into_iter().collect());
    let session = lake.session(files.clone());
    assert_eq!(session.touches(), 17);
    for (sql, want) in [
        ("SELECT count(*) AS n FROM touches", 17),
        ("SELECT count(at) AS n FROM touches", 17),
        ("SELECT count(*) AS n FROM touches WHERE identity = 0", 1),
        ("SELECT count(*) AS n FROM touches WHERE identity >= 0 AND kind = 'like'", 17),
        ("SELECT count(*) AS n FROM touches WHERE at >= '2026-11-10T00:00:00Z'", 8 + 1),
        ("SELECT count(DISTINCT identity) AS n FROM touches", 5),
        ("SELECT count(*) AS n FROM (SELECT text FROM touches LIMIT 100)", 17),
        ("SELECT count(*) AS n FROM touches WHERE channel = 'wechat'", 0),
    ] {
        assert_eq!(count(&session, sql).await, want, "{sql}");
    }
    assert_eq!(session.touches_of(&[IdentityId(0)], &[]).unwrap().len(), 1);
    let last = session
        .ask("t", "SELECT max(at) AS at, min(identity) AS i FROM touches", vec![], |row| (row.instant("at"), row.integer("i")));
    assert_eq!(last.await.unwrap(), [(at("2026-11-19T18:00:00Z"), 0)]);
    files[0].hidden = Some((0..20).collect());
    assert_eq!(count(&lake.session(files), "SELECT count(*) AS n FROM touches").await, 0);
}

#[tokio::test]
async fn a_touch_that_is_in_a_file_already_is_seen_once() {
    let lake = lake();
    let files = lake.write(&some(1..=9));
    let mut snapshot = lake.snapshot(files.clone());
    let mut newer = touch("2", 2, "2026-11-02T18:00:00Z");
    newer.version = 1;
    newer.text = Some("改过".into());
    snapshot.hot = vec![touch("1", 1, "2026-11-01T18:00:00Z"), newer.clone(), touch("x", 1, "2026-11-01T18:00:00Z")];
    let session = lake.lake.session(snapshot.clone()).unwrap();
    assert_eq!(count(&session, "SELECT count(*) AS n FROM touches").await, 10);
    assert_eq!(count(&session, "SELECT count(*) AS n FROM touches WHERE text = '改过'").await, 1);
    assert_eq!(session.touches_of(&[IdentityId(2)], &[]).unwrap(), [newer, touch("7", 2, "2026-11-07T18:00:00Z")]);
    assert_eq!(session.touches(), 10);
    // A hidden row is no row: the hot touch stands alone.
    let mut hidden = files;
    let rows: HiddenRows = (0..9).collect();
    hidden[0].hidden = Some(rows);
    snapshot.files = hidden;
    let session = lake.lake.session(snapshot).unwrap();
    assert_eq!(count(&session, "SELECT count(*) AS n FROM touches").await, 3);
}

#[tokio::test]
async fn a_merged_identity_is_its_contact_and_any_other_its_own() {
    let lake = lake();
    let mut snapshot = lake.snapshot(lake.write(&some(1..=10)));
    snapshot.contacts = vec![(IdentityId(1), ContactId(0)), (IdentityId(4), ContactId(0))];
    let session = lake.lake.session(snapshot).unwrap();
    assert_eq!(count(&session, "SELECT count(DISTINCT contact) AS n FROM touches").await, 3);
    assert_eq!(count(&session, "SELECT count(*) AS n FROM touches WHERE contact = 0").await, 6);
}

#[tokio::test]
async fn days_are_those_of_the_tenant() {
    let lake = lake();
    let session = lake.session(lake.write(&some(1..=3)));
    let sql = "SELECT day_of(at) AS day, week_of(at) AS week, month_of(at) AS month FROM touches WHERE day_of(at) = $day";
    let day = |text| Day::parse(text).unwrap();
    let rows =
        session.ask("t", sql, vec![("day", day("2026-11-02").into())], |row| (row.day("day"), row.day("week"), row.day("month")));
    // 18:00 of UTC is 02:00 of the next day in Shanghai.
    assert_eq!(rows.await.unwrap(), [(day("2026-11-02"), day("2026-11-02"), day("2026-11-01"))]);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_and_not_a_zero() {
    let lake = lake();
    let session = lake.session(lake.write(&[full("1", 7)]));
    let missing = session.ask("t", "SELECT kind FROM touches", vec![], |row| row.text("colour")).await;
    assert!(matches!(missing, Err(LakeError::Answer { .. })), "{missing:?}");
    let values = vec![("item", Value::from("龙井 🍵 250g"))];
    let sql = "SELECT quantity, score, value, campaign, text, currency, promised_at FROM touches WHERE item = $item";
    let row = session.ask("t", sql, values, |row| {
        (row.number("quantity"), row.maybe_integer("value"), row.text("campaign"), row.maybe_instant("promised_at"))
    });
    assert_eq!(row.await.unwrap(), [(1.5, Some(-12_345), "双十一".to_owned(), Some(at("2026-11-13T16:00:00Z")))]);
}

#[tokio::test]
async fn an_analyst_may_read_and_nothing_else() {
    let lake = lake();
    let session = lake.session(lake.write(&some(1..=3)));
    for text in [
        "CREATE TABLE x (a INT)",
        "CREATE TABLE x AS SELECT 1",
        "CREATE VIEW v AS SELECT 1",
        "CREATE EXTERNAL TABLE x STORED AS PARQUET LOCATION '/etc'",
        "DROP TABLE touches",
        "INSERT INTO touches SELECT * FROM touches",
        "DELETE FROM touches",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "EXPLAIN COPY (SELECT 1) TO '/tmp/x.csv'",
        "SET datafusion.execution.batch_size = 1",
        "SELECT 1; SELECT 2",
        "PREPARE p AS SELECT 1",
        "",
    ] {
        let outcome = session.sql(text, None).await;
        assert!(matches!(outcome, Err(LakeError::Refused(_) | LakeError::Sql(_))), "{text}: {outcome:?}");
    }
    for text in
        ["SELECT * FROM '/etc/passwd'", "SELECT * FROM 'file:///etc/passwd.csv'", "SELECT nothing FROM touches", "SELEC 1"]
    {
        let outcome = session.sql(text, None).await;
        assert!(matches!(outcome, Err(LakeError::Sql(_))), "{text}: {outcome:?}");
    }
    for text in
        ["SHOW TABLES", "DESCRIBE touches", "EXPLAIN SELECT count(*) FROM touches", "WITH t AS (SELECT 1) SELECT * FROM t"]
    {
        assert!(session.sql(text, None).await.is_ok(), "{text}");
    }
    let sheet = session.sql("SELECT kind, identity, at, value FROM touches ORDER BY at", Some(1)).await.unwrap();
    let kinds: Vec<&str> = sheet.columns.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!(kinds, ["text", "whole", "instant", "whole"]);
    assert_eq!(sheet.rows, [[Cell::Text("like".into()), Cell::Whole(1), Cell::Instant(at("2026-11-01T18:00:00Z")), Cell::Empty]]);
    assert!(sheet.cut);
}

#[tokio::test]
async fn an_export_holds_every_touch() {
    let lake = lake();
    let session = lake.session(lake.write(&[full("1", 7), touch("2", 8, "2026-11-02T00:00:00Z")]));
    let (csv, parquet) = (lake.folder.path().join("t.csv"), lake.folder.path().join("t.parquet"));
    assert_eq!(session.export("touches", &csv, ExportFormat::Csv).await.unwrap(), 2);
    let text = std::fs::read_to_string(csv).unwrap();
    assert!(text.starts_with("touch_id,identity,at,kind"), "{text}");
    assert!(text.contains("2026-11-11T03:04:05.678901Z,order,weibo,paid-search,双十一"), "{text}");
    assert_eq!(
        session
            .export("SELECT identity, text, score FROM touches ORDER BY identity", &parquet, ExportFormat::Parquet)
            .await
            .unwrap(),
        2
    );
    let rows: Vec<Vec<String>> = crate::read_parquet(&parquet).unwrap().flat_map(Result::unwrap).collect();
    assert_eq!(rows, [["7", "好喝😀\n\"很快\"，下次还来", "4"], ["8", "", ""]]);
}

#[tokio::test]
async fn a_missing_or_a_damaged_file_is_named() {
    let lake = lake();
    let files = lake.write(&some(1..=9));
    let path = lake.lake.root().join(&files[0].path);
    let whole = std::fs::read(&path).unwrap();
    let ask = |session: Session| async move { session.sql("SELECT count(*) FROM touches", None).await };
    std::fs::remove_file(&path).unwrap();
    let missing = ask(lake.session(files.clone())).await;
    assert!(matches!(&missing, Err(LakeError::MissingFile(path)) if path.contains(&files[0].digest[..24])), "{missing:?}");
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let cut = ask(lake.session(files.clone())).await;
    assert!(matches!(&cut, Err(LakeError::CorruptFile { path, .. }) if path.contains(&files[0].digest[..24])), "{cut:?}");
    let found = lake.session(files.clone()).touches_of(&[IdentityId(1)], &[]);
    assert!(matches!(found, Err(LakeError::CorruptFile { .. })), "{found:?}");
}

#[tokio::test]
async fn orders_are_found_whoever_they_are_with() {
    let lake = lake();
    let session = lake.session(lake.write(&[full("1", 7), touch("2", 8, "2026-11-02T00:00:00Z")]));
    assert_eq!(session.touches_of(&[], &["订单-0001"]).unwrap(), [full("1", 7)]);
    assert_eq!(full("1", 7).import, ImportId(3));
}

#[tokio::test]
async fn the_small_tables_are_there_even_when_they_are_empty() {
    let lake = lake();
    let session = lake.session(vec![]);
    for table in ["touches", "posts", "insights", "costs", "cases", "campaigns", "placements", "accounts", "consents"] {
        assert_eq!(count(&session, &format!("SELECT count(*) AS n FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(count(&session, "SELECT count(contact) AS n FROM cases").await, 0);
}

//! Files: sent in pieces, read as guessed or corrected, imported behind the page, taken back.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::served::{Reply, Served, Visitor};

const ORDERS: &str = "订单编号,买家会员名,买家实际支付金额,订单创建时间,订单状态\n\
T1,小林,100.00,2026-01-03 12:30:00,交易成功\nT2,小王,50.50,2026-01-04 09:00:00,交易成功\nT3,小李,not a price,2026-01-05 10:00:00,交易成功\n";

async fn revenue(visitor: &Visitor) -> Value {
    let answer = visitor.get("/answers/revenue?by=none").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["rows"].clone()
}

fn shown(rows: &Value) -> String {
    rows.to_string()
}

#[tokio::test]
async fn a_gb18030_file_is_sent_read_imported_and_undone_and_the_figures_are_as_before() {
    let served = Served::new();
    let owner = served.owner().await;
    let before = revenue(&owner).await;
    let (bytes, _, _) = encoding_rs::GB18030.encode(ORDERS);
    let upload = owner.send_file("订单.csv", &bytes, 50).await;

    let opened = owner.put(&format!("/uploads/{upload}/reading"), json!({})).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    let opened = opened.json();
    let table = &opened["tables"][0];
    assert_eq!(table["kind"], "orders", "{table}");
    let column = |name: &str| table["columns"].as_array().unwrap().iter().find(|one| one["column"] == name).cloned();
    assert_eq!(column("订单编号").unwrap()["field"], "order", "{table}");
    assert_eq!(opened["known_import"], json!(null));

    let begun = owner.post("/imports", json!({ "upload": upload, "save_mapping": "shop" })).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text());
    let job = owner.finished(begun.json()["job"].as_str().unwrap()).await;
    assert_eq!((&job["state"], &job["report"]["refused"]), (&json!("done"), &json!(1)), "{job}");
    let number = job["import"].as_i64().unwrap();

    let after = revenue(&owner).await;
    assert!(shown(&after).contains("150.5"), "{after}");
    let refused = owner.get(&format!("/imports/{number}/refused")).await.json();
    assert_eq!(refused["items"][0]["row"], 4, "{refused}");
    assert!(refused["items"][0]["cells"].to_string().contains("not a price"), "{refused}");
    let file = owner.get(&format!("/imports/{number}/refused.csv")).await;
    assert!(file.text().contains("T3") && file.text().contains("kith_reason"), "{}", file.text());
    assert_eq!(owner.get("/mappings").await.json()["items"][0]["name"], "shop");

    let undone = owner.post(&format!("/imports/{number}/undo"), json!({})).await;
    assert_eq!(undone.json()["state"], "undone", "{}", undone.text());
    assert_eq!(revenue(&owner).await, before);
    assert_eq!(owner.post(&format!("/imports/{number}/undo"), json!({})).await.problem(), "already-undone");
    owner.post(&format!("/imports/{number}/redo"), json!({})).await;
    assert_eq!(shown(&revenue(&owner).await), shown(&after));
    let history = owner.get(&format!("/imports/{number}")).await.json()["history"].clone();
    assert!(history.to_string().contains("user:"), "who undid it is noted: {history}");
    let log = owner.get("/audit").await.json()["items"].to_string();
    assert!(log.contains("import.done") && log.contains("import.undone") && log.contains("import.redone"), "{log}");
}

#[tokio::test]
async fn a_piece_that_was_lost_is_sent_again_from_where_it_broke_off_also_after_a_crash() {
    let mut served = Served::new();
    let owner = served.owner().await;
    let bytes = ORDERS.as_bytes();
    let begun = owner.post("/uploads", json!({ "name": "a.csv", "size": bytes.len() })).await.json();
    let id = begun["id"].as_str().unwrap().to_owned();
    let piece = |visitor: &Visitor, from: usize, part: &[u8]| {
        let call = visitor.call(Method::PATCH, &format!("/uploads/{id}")).header("upload-offset", from);
        Reply::of(call.header("content-type", "application/octet-stream").body(part.to_vec()))
    };
    assert_eq!(piece(&owner, 0, &bytes[..40]).await.json()["offset"], 40);
    let wrong = piece(&owner, 10, &bytes[10..50]).await;
    assert_eq!(
        (wrong.status, wrong.problem().as_str(), wrong.json()["detail"].clone()),
        (StatusCode::CONFLICT, "wrong-offset", json!("40"))
    );
    assert_eq!(owner.post("/imports", json!({ "upload": id })).await.problem(), "incomplete");

    served.kill();
    served.restart_after_kill();
    let mut owner = served.stranger();
    owner.sign_in("owner", super::served::PASSWORD).await;
    assert_eq!(owner.get(&format!("/uploads/{id}")).await.json()["offset"], 40, "what was acknowledged is there");
    let whole = piece(&owner, 40, &bytes[40..]).await.json();
    assert_eq!(whole["state"], "complete", "{whole}");
    let begun = owner.post("/imports", json!({ "upload": id })).await.json();
    assert_eq!(owner.finished(begun["job"].as_str().unwrap()).await["report"]["rows"], 3);
}

#[tokio::test]
async fn a_wrong_guess_is_corrected_before_anything_is_imported() {
    let served = Served::new();
    let owner = served.owner().await;
    let text = "when,who,what,where,note\n2026-01-03 10:00,a,visit,web,first\n2026-01-04 10:00,b,visit,web,second\n";
    let upload = owner.send_file("t.csv", text.as_bytes(), 1 << 20).await;
    let reading = format!("/uploads/{upload}/reading");
    let wrong = owner.put(&reading, json!({ "columns": { "note": "no-such-field" } })).await;
    assert_eq!((wrong.status, wrong.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "bad-mapping"));
    let wrong = owner.put(&reading, json!({ "columns": { "gone": "text" } })).await;
    assert_eq!(wrong.problem(), "bad-mapping");
    let columns = json!({ "when": "at", "who": "login", "what": "kind", "where": "channel", "note": "text" });
    let opened = owner.put(&reading, json!({ "kind": "touches", "columns": columns })).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text());
    let said = opened.json()["tables"][0]["said"].to_string();
    assert!(said.contains("first"), "{said}");
    let begun = owner.post("/imports", json!({ "upload": upload })).await.json();
    let job = owner.finished(begun["job"].as_str().unwrap()).await;
    assert_eq!(job["report"]["touches"], 2, "{job}");
}

#[tokio::test]
async fn the_same_file_again_is_told_and_counts_once_if_one_insists() {
    let served = Served::new();
    let owner = served.owner().await;
    let first = owner.import("orders.csv", ORDERS.as_bytes()).await;
    let figures = revenue(&owner).await;
    let upload = owner.send_file("copy.csv", ORDERS.as_bytes(), 1 << 20).await;
    let opened = owner.put(&format!("/uploads/{upload}/reading"), json!({})).await.json();
    assert_eq!(opened["known_import"], first["import"]);
    let refused = owner.post("/imports", json!({ "upload": upload })).await;
    assert_eq!(
        (refused.problem().as_str(), refused.json()["detail"].clone()),
        ("already-imported", json!(first["import"].to_string()))
    );
    let begun = owner.post("/imports", json!({ "upload": upload, "again": true })).await.json();
    let job = owner.finished(begun["job"].as_str().unwrap()).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(revenue(&owner).await, figures);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_so_without_a_path_of_ours() {
    let served = Served::new();
    let owner = served.owner().await;
    let upload = owner.send_file("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1 << 20).await;
    let opened = owner.put(&format!("/uploads/{upload}/reading"), json!({})).await;
    assert_eq!((opened.status, opened.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "unreadable-file"));
    assert!(!opened.text().contains("uploads"), "{}", opened.text());
    let hopeless = "a,b\n".to_owned() + &"x,y\n".repeat(3_000);
    let upload = owner.send_file("x.csv", hopeless.as_bytes(), 1 << 20).await;
    let reading = owner.put(&format!("/uploads/{upload}/reading"), json!({ "kind": "orders" })).await;
    if reading.status == StatusCode::OK {
        let begun = owner.post("/imports", json!({ "upload": upload })).await;
        let job = owner.finished(begun.json()["job"].as_str().unwrap()).await;
        assert_eq!(job["state"], "failed", "{job}");
        assert!(!job.to_string().contains("/store/"), "{job}");
    }
    let gone = owner.delete(&format!("/uploads/{upload}")).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get(&format!("/uploads/{upload}")).await.problem(), "not-found");
}

#[tokio::test]
async fn whoever_watches_an_import_hears_how_far_it_is_until_it_is_done() {
    let served = Served::new();
    let owner = served.owner().await;
    let input = crate::input::touches(served.shop.path(), "t.csv", 0, 60_000);
    let bytes = std::fs::read(&input.path).unwrap();
    let upload = owner.send_file("t.csv", &bytes, 1 << 20).await;
    let begun = owner.post("/imports", json!({ "upload": upload })).await.json();
    let path = format!("/imports/jobs/{}/events", begun["job"].as_str().unwrap());
    let events = tokio::time::timeout(Duration::from_secs(60), owner.get(&path)).await.expect("the stream ends with the job");
    assert_eq!(events.headers["content-type"], "text/event-stream");
    let text = events.text();
    let last = text.lines().rev().find_map(|line| line.strip_prefix("data: ")).expect("an event");
    let last: Value = serde_json::from_str(last).unwrap();
    assert_eq!((&last["state"], &last["rows"]), (&json!("done"), &json!(60_000)), "{last}");
    assert!(text.contains("event: progress"));
}

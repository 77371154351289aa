//! Programs at the door: tokens, touches by call, keys that make an act happen once, limits, what is live, how the server ends.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::served::{Reply, Served, Visitor};
use crate::shop::Shop;

async fn program(served: &Served, owner: &Visitor, scopes: &[&str]) -> (Visitor, String) {
    let made = owner.post("/tokens", json!({ "name": "till", "scopes": scopes, "ends_in_days": 30 })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    let mut program = served.stranger();
    program.token = Some(made["secret"].as_str().unwrap().to_owned());
    (program, made["token"]["id"].as_str().unwrap().to_owned())
}

fn touch(n: usize) -> Value {
    json!({ "id": format!("t{n}"), "time": "2026-01-03 10:00", "user": format!("u{}", n % 50), "type": "visit", "channel": "web", "medium": "weibo" })
}

async fn count(visitor: &Visitor) -> i64 {
    visitor.post("/sql", json!({ "query": "SELECT count(*) FROM touches" })).await.json()["rows"][0][0].as_i64().unwrap()
}

#[tokio::test]
async fn a_token_may_do_what_it_was_made_for_until_it_is_revoked() {
    let served = Served::new();
    let owner = served.owner().await;
    let (till, id) = program(&served, &owner, &["touches.write"]).await;
    let taken = till.post("/touches", json!({ "touches": [touch(1), touch(2)] })).await;
    assert_eq!(taken.json()["durable"], 2, "{}", taken.text());
    assert_eq!(till.get("/contacts").await.problem(), "forbidden");
    assert_eq!(till.get("/session").await.problem(), "not-signed-in", "a token is no session");
    let listed = owner.get("/tokens").await.text();
    assert!(!listed.contains(till.token.as_deref().unwrap()), "the secret is shown once");
    let odd = owner.post("/tokens", json!({ "name": "x", "scopes": ["everything"], "ends_in_days": null })).await;
    assert_eq!((odd.problem().as_str(), odd.json()["field"].clone()), ("invalid", json!("scopes")));
    assert_eq!(owner.delete(&format!("/tokens/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(till.post("/touches", json!({ "touches": [touch(3)] })).await.problem(), "not-signed-in");
}

#[tokio::test]
async fn touches_that_were_acknowledged_are_there_after_a_kill() {
    let mut served = Served::new();
    let owner = served.owner().await;
    let (till, _) = program(&served, &owner, &["touches.write"]).await;
    let lines: Vec<String> = (0..500).map(|n| touch(n).to_string()).collect();
    let call = till.call(Method::POST, "/touches").header("content-type", "application/x-ndjson").body(lines.join("\n"));
    assert_eq!(Reply::of(call).await.json()["durable"], 500);
    served.kill();
    served.restart_after_kill();
    let mut owner = served.stranger();
    owner.sign_in("owner", super::served::PASSWORD).await;
    assert_eq!(count(&owner).await, 500);
    let refused = owner.post("/touches", json!({ "touches": [touch(1), { "nothing": "here" }] })).await.json();
    assert_eq!((&refused["durable"], &refused["refused"][0]["row"]), (&json!(1), &json!(2)), "{refused}");
    assert_eq!(count(&owner).await, 500, "the same touch twice is one");
}

#[tokio::test]
async fn a_post_is_done_once_for_each_key_also_across_a_crash() {
    let mut served = Served::new();
    let owner = served.owner().await;
    let body = json!({ "id": "spring", "name": "S", "from": "2099-01-01", "until": "2099-02-01", "success": null, "stages": [] });
    let send = |visitor: &Visitor, key: &str, body: &Value| {
        Reply::of(visitor.call_without_key(Method::POST, "/campaigns").header("idempotency-key", key).json(body))
    };
    let missing = Reply::of(owner.call_without_key(Method::POST, "/campaigns").json(&body)).await;
    assert_eq!(missing.problem(), "idempotency-key-missing");
    let first = send(&owner, "once-and-only", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = send(&owner, "once-and-only", &body).await;
    assert_eq!((again.status, &again.bytes), (StatusCode::CREATED, &first.bytes));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let mut other = body.clone();
    other["id"] = json!("autumn");
    assert_eq!(send(&owner, "once-and-only", &other).await.problem(), "idempotency-key-reused");
    let refused = send(&owner, "another-key", &body).await;
    assert_eq!(refused.problem(), "exists");
    assert_eq!(send(&owner, "another-key", &body).await.problem(), "exists", "a refusal is kept too");

    served.kill();
    served.restart_after_kill();
    let mut owner = served.stranger();
    owner.sign_in("owner", super::served::PASSWORD).await;
    let again = send(&owner, "once-and-only", &body).await;
    assert_eq!((again.status, &again.bytes), (StatusCode::CREATED, &first.bytes), "the answer outlives the process");
}

#[tokio::test]
async fn two_calls_with_one_key_at_once_are_one_act() {
    let served = Served::new();
    let owner = served.owner().await;
    let body = json!({ "name": "v", "path": "/contacts", "shared": false });
    let send = || Reply::of(owner.call_without_key(Method::POST, "/views").header("idempotency-key", "both-at-once").json(&body));
    let (one, other) = tokio::join!(send(), send());
    for reply in [&one, &other] {
        let fine = reply.status == StatusCode::CREATED || reply.problem() == "idempotency-in-flight";
        assert!(fine, "{} {}", reply.status, reply.text());
    }
    assert_eq!(owner.get("/views").await.json()["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_to_wait() {
    let shop = Shop::new();
    std::fs::write(shop.store().join("kith.toml"), "[server]\nrequests_per_second = 2\nrequests_at_once = 20\n").unwrap();
    let served = Served::of(shop);
    let stranger = served.stranger();
    let mut refused = None;
    for _ in 0..60 {
        let reply = stranger.get("/health").await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("at some point it is too much");
    assert_eq!(refused.problem(), "too-many");
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_page_that_listens_hears_of_a_change() {
    let served = Served::new();
    let owner = served.owner().await;
    let mut events = owner.call(Method::GET, "/events").send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let mut heard = String::new();
    let mut first = None;
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline && heard.matches("event: store").count() < 2 {
        if let Ok(Ok(Some(chunk))) = tokio::time::timeout(Duration::from_secs(5), events.chunk()).await {
            heard += &String::from_utf8_lossy(&chunk);
        }
        if first.is_none() && heard.contains("event: store") {
            first = Some(owner.put("/brands/tea", json!({ "name": "Tea", "side": "own", "aliases": [] })).await);
        }
    }
    assert_eq!(heard.matches("event: store").count(), 2, "{heard}");
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_its_streams_and_itself() {
    let mut served = Served::new();
    let owner = served.owner().await;
    let mut events = owner.call(Method::GET, "/events").send().await.unwrap();
    events.chunk().await.unwrap();
    let begun = Instant::now();
    assert!(served.stop(), "it ended well");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    let counted = served.shop.says(&["doctor"]);
    assert!(!counted.contains('✗'), "{counted}");
}

#[tokio::test]
async fn another_command_that_writes_is_told_who_holds_the_store_and_one_that_reads_is_not_kept() {
    let served = Served::new();
    let read = served.shop.run(&["imports"]);
    assert!(read.status.success());
}

#[tokio::test]
async fn health_and_metrics_are_for_machines_and_name_no_person() {
    let served = Served::new();
    let owner = served.owner().await;
    assert_eq!(served.stranger().get("/health").await.json()["status"], "ok");
    owner.get("/contacts?q=Meilin").await;
    let metrics = served.stranger().get("/metrics").await;
    assert_eq!(metrics.status, StatusCode::OK);
    assert!(metrics.text().contains("kith_http_requests_total{"), "{}", metrics.text());
    assert!(metrics.text().contains("/api/v1/contacts") && !metrics.text().contains("Meilin"));
    let through_a_proxy =
        Reply::of(served.stranger().call(Method::GET, "/metrics").header("x-forwarded-for", "203.0.113.9")).await;
    assert_eq!(through_a_proxy.problem(), "not-signed-in");
}

#[tokio::test]
async fn an_analyst_reads_rows_in_sql_and_changes_nothing_with_it() {
    let served = Served::new();
    let owner = served.owner().await;
    owner.post("/touches", json!({ "touches": (0..5).map(touch).collect::<Vec<_>>() })).await;
    let analyst = served.member(&owner, "analyst").await;
    let ask = |query: &str| analyst.post("/sql", json!({ "query": query, "limit": 3 }));
    let sheet = ask("SELECT kind, channel FROM touches").await.json();
    assert_eq!((sheet["rows"].as_array().map(Vec::len), &sheet["cut"]), (Some(3), &json!(true)), "{sheet}");
    for query in ["DELETE FROM touches", "COPY touches TO '/tmp/x'", "SELEC 1", "SELECT * FROM tenants", "SELECT 1; SELECT 2"] {
        let reply = ask(query).await;
        assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"), "{query}");
    }
    let file = analyst.get("/export/touches.csv").await;
    assert_eq!(file.text().lines().count(), 6, "{}", file.text());
    let parquet = analyst.get("/export/touches.parquet").await;
    assert!(parquet.bytes.starts_with(b"PAR1") && parquet.bytes.ends_with(b"PAR1"));
    let log = owner.get("/audit?action=data.exported").await.json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(2), "{log}");
}

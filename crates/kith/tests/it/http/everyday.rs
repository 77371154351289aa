//! What a page asks every day: contacts, timelines, merges, questions; over the sample shop and over hostile content.

use std::collections::HashSet;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::served::{Served, Visitor};
use crate::shop::Shop;

/// The sample shop, small, served; its owner looks at it.
async fn sample() -> (Served, Visitor) {
    let shop = Shop::new();
    shop.must(&["sample", "--contacts", "300"]);
    let served = Served::of(shop);
    let owner = served.owner().await;
    let opened = owner.put("/session/tenant", json!({ "tenant": "sample-tea" })).await;
    assert_eq!(opened.json()["tenant"]["sample"], true, "{}", opened.text());
    (served, owner)
}

async fn everything(visitor: &Visitor, path: &str, limit: u32) -> Vec<Value> {
    let join = if path.contains('?') { '&' } else { '?' };
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = visitor.get(&format!("{path}{join}limit={limit}{cursor}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let page = page.json();
        let some = page["items"].as_array().unwrap().clone();
        assert!(some.len() <= limit as usize);
        items.extend(some);
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

#[tokio::test]
async fn the_list_of_contacts_goes_on_without_gap_or_double_and_its_filters_agree_with_the_stages() {
    let (_served, owner) = sample().await;
    let all = everything(&owner, "/contacts", 37).await;
    let ids: HashSet<&str> = all.iter().map(|one| one["contact"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), all.len());
    let times: Vec<&str> = all.iter().map(|one| one["last_at"].as_str().unwrap()).collect();
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "those seen last come first");

    let stages = owner.get("/answers/lifecycle").await.json();
    let mut counted = 0;
    for row in stages["rows"].as_array().unwrap() {
        let stage = row[0]["text"].as_str().unwrap();
        let listed = everything(&owner, &format!("/contacts?stage={stage}"), 200).await;
        assert!(listed.iter().all(|one| one["stage"] == stage));
        assert_eq!(listed.len() as f64, row[1]["value"].as_f64().unwrap(), "{stage}");
        counted += listed.len();
    }
    assert_eq!(counted, all.len());
    let weibo = everything(&owner, "/contacts?channel=weibo", 200).await;
    assert!(!weibo.is_empty() && weibo.len() < all.len());
    assert!(weibo.iter().all(|one| one["channels"].to_string().contains("weibo")));
    assert_eq!(owner.get("/contacts?stage=friend").await.problem(), "bad-query");
    assert_eq!(owner.get("/contacts?cursor=AAAA").await.problem(), "bad-cursor");
    assert_eq!(owner.get("/contacts?limit=900").await.problem(), "bad-query");
}

#[tokio::test]
async fn a_contact_is_found_by_its_phone_and_told_whole_with_its_orders_and_merges() {
    let (_served, owner) = sample().await;
    let all = everything(&owner, "/contacts", 200).await;
    let buyer = all.iter().find(|one| one["orders"].as_u64() >= Some(2)).expect("a repeat customer");
    let id = buyer["contact"].as_str().unwrap();
    let card = owner.get(&format!("/contacts/{id}")).await;
    assert_eq!(card.status, StatusCode::OK, "{}", card.text());
    let card = card.json();
    let paid = card["orders"].as_array().unwrap().iter().filter(|order| order["cancelled"] == false).count() as u64;
    assert_eq!(Some(paid), buyer["orders"].as_u64(), "{card}");
    let touches = everything(&owner, &format!("/contacts/{id}/timeline"), 3).await;
    assert!(touches.len() as u64 >= card["touches"].as_u64().unwrap());
    let dated: Vec<&str> = touches.iter().filter_map(|touch| touch["at"].as_str()).collect();
    assert!(dated.windows(2).all(|pair| pair[0] >= pair[1]), "the newest come first");
    let orders = everything(&owner, &format!("/contacts/{id}/timeline?kind=order"), 50).await;
    assert!(!orders.is_empty() && orders.iter().all(|touch| touch["kind"] == "order"));

    let number = card["orders"][0]["number"].as_str().unwrap();
    let found = owner.get(&format!("/contacts?q={number}")).await.json();
    assert_eq!(found["items"][0]["contact"], json!(id), "{found}");
    assert!(found["items"][0]["matched"].as_str().is_some());
    for identity in card["identities"].as_array().unwrap() {
        let by_identity = owner.get(&format!("/contacts/{}", identity["identity"].as_str().unwrap())).await.json();
        assert_eq!(by_identity["contact"], json!(id), "every number of a contact leads to it");
    }
    assert_eq!(owner.get("/contacts/1").await.problem(), "not-found");
}

#[tokio::test]
async fn a_merge_is_decided_taken_back_and_forgotten_and_no_touch_is_lost() {
    let served = Served::new();
    let owner = served.owner().await;
    // One phone, two logins of one shop: whether they are one person only a person can say.
    let rows = "id,time,user,phone,type,channel\n1,2026-01-03 10:00,mei,13800138000,visit,shop\n2,2026-01-04 10:00,li,13800138000,visit,shop\n";
    owner.import("t.csv", rows.as_bytes()).await;
    let touches = owner.post("/sql", json!({ "query": "SELECT count(*) FROM touches" })).await.json()["rows"].clone();
    let contacts = everything(&owner, "/contacts", 50).await.len();
    let proposals = owner.get("/merges").await.json()["items"].clone();
    assert_eq!(proposals.as_array().map(Vec::len), Some(2), "{proposals}");
    for proposal in proposals.as_array().unwrap() {
        assert!(proposal["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{proposal}");
        let decision = format!("/merges/proposals/{}/decision", proposal["number"]);
        let decided = owner.post(&decision, json!({ "decision": "same" })).await;
        assert_eq!(decided.status, StatusCode::OK, "{}", decided.text());
        assert_eq!(owner.post(&decision, json!({ "decision": "same" })).await.problem(), "not-found", "it is decided");
    }
    assert_eq!(everything(&owner, "/contacts", 50).await.len(), contacts - 1);
    let standing = owner.get("/merges?state=standing").await.json()["items"].clone();
    let made = standing.as_array().unwrap().iter().find(|merge| merge["made_by"].is_string()).expect("a merge by a person");
    let undone = owner.post(&format!("/merges/{}/undo", made["number"]), json!({})).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text());
    assert_eq!(everything(&owner, "/contacts", 50).await.len(), contacts);
    assert_eq!(owner.get("/merges?state=undone").await.json()["items"].as_array().map(Vec::len), Some(1));
    let forgotten = owner.post("/merges/forget", undone.json()["undo"].clone()).await;
    assert_eq!(forgotten.status, StatusCode::NO_CONTENT, "{}", forgotten.text());
    assert!(!owner.get("/merges").await.json()["items"].as_array().unwrap().is_empty(), "the rules ask again");
    let after = owner.post("/sql", json!({ "query": "SELECT count(*) FROM touches" })).await.json()["rows"].clone();
    assert_eq!(after, touches);
    assert_eq!(owner.get("/merges?state=odd").await.problem(), "bad-query");
}

#[tokio::test]
async fn every_question_is_answered_as_figures_with_their_claim_and_as_csv() {
    let (_served, owner) = sample().await;
    let questions = owner.get("/questions").await.json();
    let campaigns = owner.get("/campaigns").await.json();
    for question in questions["items"].as_array().unwrap() {
        let name = question["name"].as_str().unwrap();
        let subject = match question["subject"].as_str() {
            Some("campaign") => format!("?subject={}", campaigns["items"][0]["id"].as_str().unwrap()),
            _ => String::new(),
        };
        let answer = owner.get(&format!("/answers/{name}{subject}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
        let answer = answer.json();
        let columns = answer["columns"].as_array().unwrap();
        assert!(!answer["rows"].as_array().unwrap().is_empty(), "{name}: the sample shop has something of everything");
        for (at, column) in columns.iter().enumerate().filter(|(_, column)| column["kind"] == "figure") {
            assert!(column["claim"].is_string() && !column["method"].as_str().unwrap().is_empty(), "{name}: {column}");
            for row in answer["rows"].as_array().unwrap() {
                assert!(row[at]["value"].is_number() || row[at]["n"].is_number() || row[at]["text"].is_null(), "{name}: {row}");
            }
        }
        let csv = owner.get(&format!("/answers/{name}.csv{subject}")).await;
        assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8", "{name}");
        assert!(csv.text().starts_with('\u{feff}'), "{name}");
    }
    let chinese = owner.clone().in_chinese().get("/answers/revenue?by=month").await.json();
    assert!(chinese["columns"].to_string().contains('月'), "{chinese}");
    assert_eq!(owner.get("/answers/revenu").await.problem(), "not-found");
    assert_eq!(owner.get("/answers/revenue?by=colour").await.problem(), "invalid");
    assert_eq!(owner.get("/answers/revenue?from=soon").await.problem(), "invalid");
    let backwards = owner.get("/answers/revenue?from=2026-03-01&until=2026-01-01").await;
    assert_eq!(backwards.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", backwards.text());
}

#[tokio::test]
async fn an_answer_that_the_reader_has_already_is_not_sent_again_until_something_has_changed() {
    let served = Served::new();
    let owner = served.owner().await;
    let first = owner.get("/answers/traffic").await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let again =
        |tag: String| super::served::Reply::of(owner.call(reqwest::Method::GET, "/answers/traffic").header("if-none-match", tag));
    assert_eq!(again(tag.clone()).await.status, StatusCode::NOT_MODIFIED);
    let line =
        json!({ "id": "1", "time": "2026-01-03 10:00", "user": "a", "type": "visit", "channel": "web", "medium": "weibo" });
    let taken = owner.post("/touches", json!({ "touches": [line] })).await;
    assert_eq!(taken.json()["durable"], 1, "{}", taken.text());
    let fresh = again(tag).await;
    assert_eq!(fresh.status, StatusCode::OK);
    assert_ne!(fresh.bytes, first.bytes, "what was written is read");
}

#[tokio::test]
async fn what_a_stranger_wrote_comes_out_as_the_text_that_it_is() {
    let served = Served::new();
    let owner = served.owner().await;
    let hostile = [
        "<script>alert(1)</script>",
        "\u{202e}evil\u{202c}",
        "=HYPERLINK(\"http://x\")",
        "Z\u{300}\u{301}\u{302}\u{303}\u{304}algo",
        "'; DROP TABLE touches; --",
    ];
    let touches: Vec<Value> = hostile
        .iter()
        .enumerate()
        .map(|(n, text)| json!({ "id": n.to_string(), "time": "2026-01-03 10:00", "user": text, "type": "comment", "channel": "weibo", "text": text }))
        .collect();
    let taken = owner.post("/touches", json!({ "touches": touches })).await;
    assert_eq!(taken.json()["durable"], hostile.len(), "{}", taken.text());
    let listed = owner.get("/contacts").await;
    assert_eq!(listed.headers["content-type"], "application/json");
    assert_eq!(listed.headers["x-content-type-options"], "nosniff");
    assert_eq!(listed.json()["items"].as_array().map(Vec::len), Some(hostile.len()));
    let found = owner.get("/contacts?q=%3Cscript%3E").await.json();
    let contact = found["items"][0]["contact"].as_str().expect("found by what it is").to_owned();
    let timeline = owner.get(&format!("/contacts/{contact}/timeline")).await.json();
    assert_eq!(timeline["items"][0]["text"], hostile[0], "{timeline}");
    let long = "x".repeat(3_000_000);
    let touches = json!({ "touches": [{ "id": "long", "time": "2026-01-03 10:00", "user": "long", "type": "comment", "channel": "weibo", "text": long }] });
    let taken = owner.post("/touches", touches).await;
    assert!(taken.status.is_success() || taken.status.is_client_error(), "{}", taken.status);
}

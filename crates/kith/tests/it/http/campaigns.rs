//! Campaigns on the pages: planned, refused without a definition of success, started, reported; accounts with their one role.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::served::{Reply, Served};

fn campaign(id: &str, from: &str, until: &str, success: Value) -> Value {
    let steps = json!([{ "what": "photograph the leaves", "owner": "小红", "on": from }, { "what": "publish", "owner": "Li", "on": until }]);
    json!({ "id": id, "name": "春茶", "from": from, "until": until, "success": success, "stages": [{ "name": "tease", "steps": steps }] })
}

fn orders() -> Value {
    json!({ "measure": "orders", "baseline": 1.0, "target": 3.0, "by": "2027-02-01", "method": "orders in the campaign's days" })
}

#[tokio::test]
async fn a_campaign_cannot_start_without_a_definition_of_success() {
    let served = Served::new();
    let owner = served.owner().await;
    let begun = owner.post("/campaigns", campaign("spring", "2026-01-01", "2027-02-01", json!(null))).await;
    assert_eq!((begun.status, begun.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "no-definition-of-success"));
    assert_eq!(begun.json()["field"], "success");

    let planned = owner.post("/campaigns", campaign("spring", "2099-01-01", "2099-02-01", json!(null))).await;
    assert_eq!(planned.status, StatusCode::CREATED, "{}", planned.text());
    assert_eq!(planned.json()["state"], "planned");
    assert_eq!(owner.post("/campaigns", campaign("spring", "2099-01-01", "2099-02-01", json!(null))).await.problem(), "exists");
    let started = owner.post("/campaigns/spring/start", json!({})).await;
    assert_eq!(started.problem(), "no-definition-of-success");

    let mut vague = orders();
    vague["method"] = json!(" ");
    let changed = owner.put("/campaigns/spring", campaign("spring", "2099-01-01", "2099-02-01", vague)).await;
    assert_eq!(changed.problem(), "no-definition-of-success");
    let changed = owner.put("/campaigns/spring", campaign("spring", "2099-01-01", "2099-02-01", orders())).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    let started = owner.post("/campaigns/spring/start", json!({})).await.json();
    assert_eq!((&started["state"], &started["has_success"]), (&json!("running"), &json!(true)), "{started}");
    assert_eq!(started["progress"]["reached"], 0.0, "{started}");
    let items = owner.get("/campaigns?state=running").await.json()["items"].clone();
    assert_eq!(items[0]["id"], "spring", "{items}");
    assert_eq!(owner.get("/campaigns?state=planned").await.json()["items"], json!([]));
}

#[tokio::test]
async fn steps_are_ticked_placements_have_a_price_as_people_write_it_and_the_report_answers_by_name() {
    let served = Served::new();
    let owner = served.owner().await;
    owner.post("/campaigns", campaign("spring", "2026-01-01", "2026-02-01", orders())).await;
    let ticked = owner.put("/campaigns/spring/stages/0/steps/1/done", json!({ "done": true })).await.json();
    assert_eq!((&ticked["steps_done"], &ticked["next_step"]["owner"]), (&json!(1), &json!("小红")), "{ticked}");
    assert_eq!(owner.put("/campaigns/spring/stages/4/steps/0/done", json!({ "done": true })).await.problem(), "not-found");

    let place = json!({ "campaign": "spring", "medium": "weibo", "content": "video", "form": "post", "place": "feed", "from": "2026-01-01", "until": "2026-01-10", "cost": "¥1,200", "link": null });
    let placed = owner.put("/placements/weibo-1", place.clone()).await.json();
    assert_eq!(
        (&placed["cost"]["minor"], &placed["cost"]["amount"], &placed["link"]),
        (&json!(120_000), &json!(1200.0), &json!("weibo-1"))
    );
    let mut odd = place.clone();
    odd["cost"] = json!("a lot");
    let odd = owner.put("/placements/weibo-1", odd).await;
    assert_eq!((odd.problem().as_str(), odd.json()["field"].clone()), ("invalid", json!("cost")));
    let mut lost = place;
    lost["campaign"] = json!("autumn");
    assert_eq!(owner.put("/placements/weibo-2", lost).await.problem(), "not-found");

    let report = owner.get("/campaigns/spring/report").await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.text());
    let text = report.text();
    for question in
        ["Growth in visits?", "Growth in leads?", "Growth in customers?", "Input and output?", "Did it reach its target?"]
    {
        assert!(text.contains(question), "{question}: {text}");
    }
    let chinese = owner.clone().in_chinese().get("/campaigns/spring/report").await.text();
    assert!(chinese.contains("投入与产出？"), "{chinese}");
    let csv = owner.call(reqwest::Method::GET, "/campaigns/spring/report").header("accept", "text/csv");
    let csv = Reply::of(csv).await;
    assert!(csv.text().starts_with("\u{feff}question,answer,"), "{}", csv.text());
    assert_eq!(owner.get("/campaigns/none/report").await.problem(), "not-found");
}

#[tokio::test]
async fn an_account_without_its_one_role_is_a_fault_on_the_page_and_in_the_morning() {
    let served = Served::new();
    let owner = served.owner().await;
    let added = owner.put("/accounts/weibo-main", json!({ "channel": "weibo", "handle": "一叶茶" })).await.json();
    assert_eq!(added["fault"]["code"], "no-role", "{added}");
    let chinese = owner.clone().in_chinese().get("/accounts").await.json();
    assert!(chinese["items"][0]["fault"]["sentence"].as_str().unwrap().contains("角色"), "{chinese}");
    let actions =
        |morning: &Value| morning["actions"].as_array().unwrap().iter().map(|one| one["key"].clone()).collect::<Vec<_>>();
    let morning = owner.get("/today").await.json();
    assert!(actions(&morning).contains(&json!("account-without-role")), "{morning}");

    let done = owner.post("/today/account-without-role/done", json!({})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let morning = owner.get("/today").await.json();
    assert!(!actions(&morning).contains(&json!("account-without-role")), "{morning}");
    assert_eq!(morning["done"][0]["key"], "account-without-role");
    assert_eq!(owner.delete("/today/account-without-role/done").await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.delete("/today/account-without-role/done").await.problem(), "not-found");
    assert!(actions(&owner.get("/today").await.json()).contains(&json!("account-without-role")));

    let half = json!({ "objective": "sales", "audience": "new", "measure": " " });
    assert_eq!(owner.put("/accounts/weibo-main/role", half).await.problem(), "invalid");
    let whole = json!({ "objective": "sales", "audience": "new", "measure": "orders" });
    let sound = owner.put("/accounts/weibo-main/role", whole).await.json();
    assert_eq!(sound["fault"], json!(null), "{sound}");
    assert!(!actions(&owner.get("/today").await.json()).contains(&json!("account-without-role")));
}

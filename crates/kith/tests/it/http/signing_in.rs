//! The first start, signing in and out, passwords, sessions, invitations.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::served::{PASSWORD, Reply, Served};

#[tokio::test]
async fn the_first_start_prints_a_password_once_that_must_be_changed_before_anything_else() {
    let mut served = Served::new();
    let first = served.first.clone().expect("a one-time password");
    let mut owner = served.stranger();
    owner.sign_in("owner", &first).await;
    let session = owner.get("/session").await.json();
    assert_eq!((&session["must_change_password"], &session["tenant"]), (&json!(true), &json!(null)));
    assert_eq!(owner.get("/today").await.problem(), "must-change-password");

    let weak = owner.put("/session/password", json!({ "old": first, "new": "short" })).await;
    assert_eq!((weak.status, weak.problem().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "password-too-short"));
    let changed = owner.put("/session/password", json!({ "old": first, "new": PASSWORD })).await;
    owner.take_in(&changed);
    let session = owner.get("/session").await.json();
    assert_eq!((&session["role"], &session["tenant"]["id"]), (&json!("owner"), &json!("tea")));
    assert_eq!(owner.get("/today").await.status, StatusCode::OK);

    let again = served.stranger().post("/session", json!({ "login": "owner", "password": first })).await;
    assert_eq!((again.status, again.problem().as_str()), (StatusCode::UNAUTHORIZED, "wrong-credentials"));
    served.restart();
    assert_eq!(served.first, None, "the second start prints no password");
    let mut owner = served.stranger();
    owner.sign_in("owner", PASSWORD).await;
    assert_eq!(owner.get("/today").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_cookie_is_for_the_browser_alone_and_ends_when_its_owner_says_so() {
    let served = Served::new();
    let owner = served.owner().await;
    let mut elsewhere = served.stranger();
    let reply = elsewhere.post("/session", json!({ "login": "owner", "password": PASSWORD })).await;
    let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()).collect();
    assert!(cookies.iter().all(|line| line.contains("HttpOnly") && line.contains("SameSite=")), "{cookies:?}");
    elsewhere.take_in(&reply);

    let list = owner.get("/session/list").await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
    let other = list["items"].as_array().unwrap().iter().find(|one| one["current"] == false).unwrap()["id"].clone();
    let ended = owner.delete(&format!("/session/list/{}", other.as_str().unwrap())).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(elsewhere.get("/session").await.problem(), "not-signed-in");

    assert_eq!(owner.delete("/session").await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get("/session").await.problem(), "not-signed-in");
}

#[tokio::test]
async fn an_invitation_makes_a_colleague_once_and_the_invited_role_holds() {
    let served = Served::new();
    let owner = served.owner().await;
    let analyst = served.member(&owner, "analyst").await;
    let session = analyst.get("/session").await.json();
    assert_eq!((&session["role"], &session["tenant"]["id"]), (&json!("analyst"), &json!("tea")));
    assert_eq!(analyst.get("/users").await.problem(), "forbidden");

    let users = owner.get("/users").await.json();
    let found = users["items"].as_array().unwrap().iter().find(|one| one["login"] == "analyst").unwrap().clone();
    let id = found["id"].as_str().unwrap();
    let changed = owner.put(&format!("/users/{id}"), json!({ "role": "manager" })).await;
    assert_eq!(changed.json()["role"], "manager", "{}", changed.text());
    assert_eq!(analyst.get("/session").await.problem(), "not-signed-in", "another role is another session");

    let invited = owner.post("/invitations", json!({ "role": "agent", "note": "for Li" })).await.json();
    let open = owner.get("/invitations").await.json();
    assert_eq!(open["items"][0]["note"], "for Li", "{open}");
    let token = invited["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let looked = served.stranger().get(&format!("/invitations/{token}")).await.json();
    assert_eq!(looked["role"], "agent");
    let withdrawn = owner.delete(&format!("/invitations/{}", invited["invitation"]["id"].as_str().unwrap())).await;
    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
    let late = served.stranger().get(&format!("/invitations/{token}")).await;
    assert_eq!((late.status, late.problem().as_str()), (StatusCode::GONE, "link-expired"));
}

#[tokio::test]
async fn whoever_has_lost_a_password_gets_a_new_one_by_a_link_that_works_once() {
    let served = Served::new();
    let owner = served.owner().await;
    let editor = served.member(&owner, "editor").await;
    let users = owner.get("/users").await.json();
    let id = users["items"].as_array().unwrap().iter().find(|one| one["login"] == "editor").unwrap()["id"].clone();
    let link = owner.post(&format!("/users/{}/reset-link", id.as_str().unwrap()), json!({})).await.json();
    let token = link["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let stranger = served.stranger();
    assert_eq!(stranger.get(&format!("/reset-links/{token}")).await.json()["login"], "editor");
    let set = stranger.post(&format!("/reset-links/{token}"), json!({ "password": "another kettle, another leaf" })).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.text());
    assert_eq!(editor.get("/session").await.problem(), "not-signed-in");
    let again = stranger.post(&format!("/reset-links/{token}"), json!({ "password": "yet another kettle, leaf" })).await;
    assert_eq!(again.problem(), "link-expired");
    let mut editor = served.stranger();
    editor.sign_in("editor", "another kettle, another leaf").await;
}

#[tokio::test]
async fn a_request_from_another_site_or_without_the_sessions_mark_changes_nothing() {
    let served = Served::new();
    let owner = served.owner().await;
    let brand = json!({ "name": "Tea", "side": "own", "aliases": [] });
    let mut unmarked = owner.clone();
    unmarked.csrf = None;
    assert_eq!(unmarked.put("/brands/tea", brand.clone()).await.problem(), "csrf");
    unmarked.csrf = Some("0123456789abcdef".to_owned());
    assert_eq!(unmarked.put("/brands/tea", brand.clone()).await.problem(), "csrf");
    let foreign = owner.call(Method::PUT, "/brands/tea").header("origin", "https://evil.example").json(&brand);
    assert_eq!(Reply::of(foreign).await.problem(), "cross-site");
    let foreign = owner.call(Method::PUT, "/brands/tea").header("sec-fetch-site", "cross-site").json(&brand);
    assert_eq!(Reply::of(foreign).await.problem(), "cross-site");
    let forged = served.stranger().call(Method::POST, "/session").header("origin", "https://evil.example");
    assert_eq!(Reply::of(forged.json(&json!({ "login": "owner", "password": PASSWORD }))).await.problem(), "cross-site");
    assert_eq!(owner.get("/brands").await.json()["items"], json!([]));
    assert_eq!(owner.put("/brands/tea", brand).await.status, StatusCode::OK);
}

#[tokio::test]
async fn errors_are_told_in_the_language_of_whoever_asks() {
    let served = Served::new();
    let stranger = served.stranger();
    let english = stranger.get("/today").await.json();
    let chinese = stranger.in_chinese().get("/today").await.json();
    assert_eq!(english["code"], chinese["code"]);
    assert_eq!(english["advice"], "Sign in.");
    assert_eq!(chinese["advice"], "请登录。");
    assert!(english["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{english}");
}

#[tokio::test]
async fn a_business_that_is_founded_is_its_founders_and_strange_to_everybody_else() {
    let served = Served::new();
    let owner = served.owner().await;
    let manager = served.member(&owner, "manager").await;
    let shop = json!({ "id": "corner", "name": "Corner", "zone": "Europe/Berlin", "currency": "EUR", "language": "en", "country": "DE" });
    let founded = owner.post("/tenants", shop.clone()).await;
    assert_eq!(founded.status, StatusCode::CREATED, "{}", founded.text());
    assert_eq!(owner.post("/tenants", shop.clone()).await.problem(), "exists");
    let mars = json!({ "id": "mars", "name": "M", "zone": "Mars/North", "currency": "EUR", "language": "en", "country": "DE" });
    let odd = owner.post("/tenants", mars).await;
    assert_eq!((odd.problem().as_str(), odd.json()["field"].clone()), ("invalid", json!("zone")));
    let opened = owner.put("/session/tenant", json!({ "tenant": "corner" })).await.json();
    assert_eq!((&opened["tenant"]["id"], &opened["role"]), (&json!("corner"), &json!("owner")));
    assert_eq!(owner.get("/tenant").await.json()["currency"], "EUR");
    assert_eq!(manager.put("/session/tenant", json!({ "tenant": "corner" })).await.problem(), "not-found");
    let back = owner.put("/session/tenant", json!({ "tenant": "tea" })).await.json();
    assert_eq!(back["tenants"].as_array().map(Vec::len), Some(2));
}

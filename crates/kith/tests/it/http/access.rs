//! Who may call what: every route of the document is called by a stranger, by each role, and with the ids of another business.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::contract::{document, operations};
use super::served::{Reply, Served, Visitor};

/// What each role may, written down once more by hand: whoever changes the rights of a role must want to.
const ROLES: [(&str, &str); 5] = [
    (
        "owner",
        "audit.read cases.answer consent.write contacts.decide contacts.personal contacts.read export figures.read import person.erase \
         person.export plan.write store.manage tenant.write tokens.manage touches.write users.manage views.share webhooks.manage",
    ),
    (
        "manager",
        "audit.read cases.answer consent.write contacts.decide contacts.personal contacts.read export figures.read import person.export \
         plan.write tenant.write tokens.manage touches.write users.manage views.share webhooks.manage",
    ),
    ("editor", "contacts.read figures.read import plan.write views.share"),
    ("agent", "cases.answer consent.write contacts.decide contacts.personal contacts.read figures.read"),
    ("analyst", "contacts.read export figures.read views.share"),
];

fn called(visitor: &Visitor, method: &str, path: &str) -> reqwest::RequestBuilder {
    let method: Method = method.parse().unwrap();
    let call = visitor.call(method.clone(), path);
    match method {
        Method::POST | Method::PUT => call.json(&json!({})),
        Method::PATCH => call.header("upload-offset", 0).body(Vec::new()),
        _ => call,
    }
}

/// The path with something in each place: an id that nobody has.
fn filled(path: &str) -> String {
    let with = |name: &str| match name {
        "number" | "contact" | "user" | "stage" | "step" => "987654321",
        "question" => "no-such-question",
        "key" => "no-such-rule",
        _ => "0123456789abcdef0123456789abcdef",
    };
    let mut out = String::new();
    for part in path.split('/').skip(1) {
        out.push('/');
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => out.push_str(with(name)),
            None => out.push_str(part),
        }
    }
    out
}

#[tokio::test]
async fn a_stranger_is_told_to_sign_in_on_every_route_that_is_not_for_everybody() {
    let served = Served::new();
    let stranger = served.stranger();
    let mut forged = served.stranger();
    forged.token = Some("kith_0123456789abcdefghijklmnopqrstuvwxyz".to_owned());
    let mut stale = served.stranger();
    stale.cookie = Some("kith_session=0123456789abcdef0123456789abcdef0123456789abcdef".to_owned());
    let mut asked = 0;
    for (method, path, operation) in operations(&document()) {
        if operation["x-permission"] == "nobody" {
            continue;
        }
        for visitor in [&stranger, &forged, &stale] {
            let reply = Reply::of(called(visitor, &method, &filled(&path))).await;
            assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::UNAUTHORIZED, "not-signed-in"), "{method} {path}");
            asked += 1;
        }
    }
    assert!(asked > 150, "{asked}");
}

#[tokio::test]
async fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let served = Served::new();
    let owner = served.owner().await;
    let operations = operations(&document());
    for (role, _) in ROLES {
        let visitor = if role == "owner" { owner.clone() } else { served.member(&owner, role).await };
        let session = visitor.get("/session").await.json();
        let may: Vec<&str> = session["permissions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for (method, path, operation) in &operations {
            let permission = operation["x-permission"].as_str().unwrap();
            // The streams never end for those who may listen; signing out would end the story.
            if matches!(permission, "nobody" | "session") || path.ends_with("/events") && may.contains(&permission) {
                continue;
            }
            let reply = Reply::of(called(&visitor, method, &filled(path))).await;
            let at = format!("{role}: {method} {path} needs {permission}, answered {} {}", reply.status, reply.text());
            if may.contains(&permission) {
                assert_ne!(reply.status, StatusCode::UNAUTHORIZED, "{at}");
                assert!(reply.status != StatusCode::FORBIDDEN || role_within(&reply), "{at}");
                assert!(!reply.status.is_server_error(), "{at}");
            } else {
                assert_eq!((reply.status, reply.problem().as_str()), (StatusCode::FORBIDDEN, "forbidden"), "{at}");
            }
        }
    }
}

/// A route that somebody may call may still refuse a part of what is asked, by name of the permission.
fn role_within(reply: &Reply) -> bool {
    reply.json()["detail"].as_str().is_some_and(|detail| detail.contains('.') || detail.contains("token"))
}

#[tokio::test]
async fn the_roles_have_the_permissions_that_are_written_down() {
    let served = Served::new();
    let owner = served.owner().await;
    for (role, written) in ROLES {
        let visitor = if role == "owner" { owner.clone() } else { served.member(&owner, role).await };
        let session = visitor.get("/session").await.json();
        let mut may: Vec<&str> = session["permissions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        may.sort_unstable();
        assert_eq!(may, written.split_whitespace().collect::<Vec<_>>(), "{role}");
    }
}

/// Everything of one business that has an id, and where it is found.
async fn treasures(owner: &Visitor) -> Vec<(&'static str, String)> {
    let rows = "id,time,user,phone,type,channel,campaign,amount\n1,2026-01-03 10:00,a,13800138000,visit,web,spring,\n2,soon,b,,visit,web,,\n";
    let job = owner.import("t.csv", rows.as_bytes()).await;
    let import = job["import"].to_string();
    let contact = owner.get("/contacts").await.json()["items"][0]["contact"].as_str().unwrap().to_owned();
    let day = |day: &str| format!("2027-{day}");
    let campaign = json!({ "id": "treasure", "name": "T", "from": day("01-01"), "until": day("02-01"), "success": null, "stages": [{ "name": "s", "steps": [{ "what": "w", "owner": "o", "on": day("01-02") }] }] });
    assert_eq!(owner.post("/campaigns", campaign).await.status, StatusCode::CREATED);
    owner.put("/accounts/treasure", json!({ "channel": "weibo", "handle": "t" })).await;
    let upload = owner.send_file("x.csv", rows.as_bytes(), 1 << 20).await;
    let token = owner.post("/tokens", json!({ "name": "t", "scopes": ["figures.read"], "ends_in_days": null })).await.json();
    let view = owner.post("/views", json!({ "name": "v", "path": "/contacts", "shared": true })).await.json();
    let invitation = owner.post("/invitations", json!({ "role": "agent", "note": "for Li" })).await.json();
    let users = owner.get("/users").await.json();
    let agent = users["items"].as_array().unwrap().iter().find(|one| one["login"] == "agent").unwrap();
    vec![
        ("import", import),
        ("contact", contact),
        ("campaign", "treasure".to_owned()),
        ("account", "treasure".to_owned()),
        ("upload", upload),
        ("job", job["job"].as_str().unwrap().to_owned()),
        ("token", token["token"]["id"].as_str().unwrap().to_owned()),
        ("view", view["id"].as_str().unwrap().to_owned()),
        ("invitation", invitation["invitation"]["id"].as_str().unwrap().to_owned()),
        ("user", agent["id"].as_str().unwrap().to_owned()),
    ]
}

#[tokio::test]
async fn what_belongs_to_one_business_is_not_there_for_another_on_any_route() {
    let served = Served::new();
    let owner = served.owner().await;
    served.member(&owner, "agent").await;
    let treasures = treasures(&owner).await;
    let shop =
        json!({ "id": "rival", "name": "R", "zone": "Asia/Shanghai", "currency": "CNY", "language": "en", "country": "CN" });
    assert_eq!(owner.post("/tenants", shop).await.status, StatusCode::CREATED);
    assert_eq!(owner.put("/session/tenant", json!({ "tenant": "rival" })).await.status, StatusCode::OK);
    let treasure = |name: &str, path: &str| {
        let name = if name == "number" && path.starts_with("/api/v1/imports") { "import" } else { name };
        treasures.iter().find(|(kind, _)| *kind == name).map(|(_, id)| id.clone())
    };
    let mut tried = Vec::new();
    for (method, path, operation) in operations(&document()) {
        let Some(name) = path.split('/').find_map(|part| part.strip_prefix('{')?.strip_suffix('}')) else { continue };
        if matches!(operation["x-permission"].as_str(), Some("nobody" | "session")) {
            continue;
        }
        let Some(id) = treasure(name, &path) else { continue };
        // What is put under a name of its own is made, not found.
        let makes = method == "PUT" && (path.ends_with("/accounts/{account}") || path.ends_with("/placements/{placement}"));
        if makes {
            continue;
        }
        let real = path.replacen(&format!("{{{name}}}"), &id, 1).replace("{stage}", "0").replace("{step}", "0");
        let visitor = owner.clone();
        let method: Method = method.parse().unwrap();
        let call = visitor.call(method.clone(), &real);
        let body = match path.rsplit('/').next().unwrap() {
            "role" => json!({ "objective": "o", "audience": "a", "measure": "m" }),
            "done" => json!({ "done": true }),
            "{campaign}" => json!({ "name": "stolen", "from": "2027-01-01", "until": "2027-02-01", "success": null }),
            "{view}" => json!({ "name": "stolen", "path": "/x", "shared": true }),
            "{user}" => json!({ "role": "analyst" }),
            _ => json!({}),
        };
        let call = match method {
            Method::POST | Method::PUT => call.json(&body),
            Method::PATCH => call.header("upload-offset", 0).body(Vec::new()),
            _ => call,
        };
        let reply = Reply::of(call).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{method} {real}: {}", reply.text());
        tried.push(format!("{method} {path}"));
    }
    assert!(tried.len() >= 25, "{} routes: {tried:?}", tried.len());
    let started = owner.post("/imports", json!({ "upload": treasure("upload", "").unwrap() })).await;
    assert_eq!(started.status, StatusCode::NOT_FOUND);
    for list in [
        "/contacts",
        "/imports",
        "/imports/jobs",
        "/campaigns",
        "/accounts",
        "/views",
        "/tokens",
        "/mappings",
        "/merges",
        "/posts",
    ] {
        let reply = owner.get(list).await;
        assert_eq!(reply.json()["items"], json!([]), "{list}");
    }
    let sheet = owner.post("/sql", json!({ "query": "SELECT count(*) AS n FROM touches" })).await;
    assert_eq!(sheet.json()["rows"], json!([[0]]), "{}", sheet.text());

    owner.put("/session/tenant", json!({ "tenant": "tea" })).await;
    let names = owner.get("/campaigns").await.text() + &owner.get("/views").await.text();
    assert!(names.contains("treasure") && !names.contains("stolen"), "{names}");
}

#[tokio::test]
async fn whoever_may_not_see_people_gets_no_name_no_phone_and_no_way_to_ask_for_one() {
    let served = Served::new();
    let owner = served.owner().await;
    let rows = "id,time,user,phone,type,channel,text\n1,2026-01-03 10:00,Meilin,13800138000,message,wechat,call me at once\n";
    owner.import("t.csv", rows.as_bytes()).await;
    let analyst = served.member(&owner, "analyst").await;
    let seen = owner.get("/contacts").await.json();
    let contact = seen["items"][0]["contact"].as_str().unwrap();
    let mut told = String::new();
    for path in [
        "/contacts".to_owned(),
        format!("/contacts/{contact}"),
        format!("/contacts/{contact}/timeline"),
        "/merges?state=standing".to_owned(),
        "/today".to_owned(),
    ] {
        let clear = owner.get(&path).await;
        let masked = analyst.get(&path).await;
        assert_eq!((clear.status, masked.status), (StatusCode::OK, StatusCode::OK), "{path}: {}", masked.text());
        told += &masked.text();
    }
    assert!(seen.to_string().contains("Meilin"), "{seen}");
    for secret in ["Meilin", "13800138000", "call me"] {
        assert!(!told.contains(secret), "{secret} is told: {told}");
    }
    assert_eq!(analyst.get("/contacts?q=13800138000").await.problem(), "forbidden");
}

//! What a browser gets besides the API: the page, its files, and the headers that keep it safe.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use reqwest::StatusCode;

use super::served::{Reply, Served};

#[test]
fn the_first_run_makes_the_sample_shop_says_this_morning_and_where_its_pages_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_kith"))
        .args(["run", "--contacts", "200", "--listen", "127.0.0.1:0", "--lang", "en"])
        .env("KITH_STORE", folder.path().join("store"))
        .env_remove("KITH_TENANT")
        .env_remove("KITH_DATABASE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut said = Vec::new();
    for line in BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let last = line.starts_with("sign in as owner");
        said.push(line);
        if last {
            break;
        }
    }
    process.kill().unwrap();
    process.wait().unwrap();
    let at = |what: &str| said.iter().position(|line| line.contains(what)).unwrap_or_else(|| panic!("no {what} in {said:?}"));
    assert!(at("the sample shop has 200 contacts") < at("1. "), "{said:?}");
    assert!(at("1. ") < at("Kith is at http://127.0.0.1:"), "{said:?}");
    assert!(!said.join(" ").contains("127.0.0.1:0 "), "{said:?}");
}

#[tokio::test]
async fn every_answer_has_the_headers_of_a_careful_server() {
    let served = Served::new();
    let stranger = served.stranger();
    for path in ["/", "/api/v1/health", "/api/v1/today", "/api/v1/no-such-thing"] {
        let reply = stranger.get(path).await;
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")]
        {
            assert_eq!(reply.headers[name], value, "{path}");
        }
        assert!(reply.headers.contains_key("content-security-policy"), "{path}");
        assert!(reply.headers.contains_key("x-request-id"), "{path}");
    }
}

#[tokio::test]
async fn the_page_has_a_policy_without_inline_script_and_a_nonce_that_is_never_the_same() {
    let served = Served::new();
    let stranger = served.stranger();
    let (one, other) = (stranger.get("/").await, stranger.get("/").await);
    assert_eq!((one.status, &one.headers["content-type"]), (StatusCode::OK, &"text/html; charset=utf-8".parse().unwrap()));
    let policy = |reply: &Reply| reply.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy(&one).contains("script-src 'self';") && policy(&one).contains("frame-ancestors 'none'"), "{}", policy(&one));
    assert_ne!(policy(&one), policy(&other));
    assert!(!one.text().contains("__NONCE__"));
}

#[tokio::test]
async fn an_address_that_is_none_is_told_in_our_own_words() {
    let served = Served::new();
    let stranger = served.stranger();
    assert_eq!(stranger.get("/api/v1/no-such-thing").await.problem(), "no-route");
    assert_eq!(stranger.delete("/api/v1/health").await.problem(), "method");
    let broken = stranger.call(reqwest::Method::POST, "/session").header("content-type", "application/json").body("{");
    assert_eq!(Reply::of(broken).await.problem(), "bad-json");
    let plain = stranger.call(reqwest::Method::POST, "/session").header("content-type", "text/plain").body("login");
    assert_eq!(Reply::of(plain).await.problem(), "media-type");
    let empty = stranger.call(reqwest::Method::POST, "/session").json(&serde_json::json!({}));
    assert_eq!(Reply::of(empty).await.problem(), "invalid");
    let huge =
        stranger.call(reqwest::Method::POST, "/session").header("content-type", "application/json").body("x".repeat(3 << 20));
    assert_eq!(Reply::of(huge).await.problem(), "too-large");
    // Kith hangs up on who sends too much, so this is another call.
    let document = served.stranger().get("/openapi.json").await.json();
    assert_eq!(document["info"]["title"], "Kith");
}

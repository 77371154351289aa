//! A shop whose pages are served: the real binary on a free port, and somebody who calls it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::shop::Shop;

/// What everybody here chooses as a password.
pub const PASSWORD: &str = "four leaves and a kettle";

/// A server with its store; both go with the test.
pub struct Served {
    pub shop: Shop,
    process: Child,
    pub url: String,
    /// The one-time password of the owner, where it was printed.
    pub first: Option<String>,
}

/// Somebody who calls: a client with its cookie and mark, or a token, or nothing.
#[derive(Clone)]
pub struct Visitor {
    client: Client,
    url: String,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    pub token: Option<String>,
    language: &'static str,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

fn client() -> Client {
    static TLS: Once = Once::new();
    // The client asks for one although nothing here is encrypted.
    TLS.call_once(|| {
        let _ = rustls_acme::futures_rustls::rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().timeout(Duration::from_secs(60)).build().expect("a client")
}

impl Served {
    /// A store with one tenant `tea` and nothing in it, served.
    pub fn new() -> Self {
        Self::of(Shop::new())
    }

    pub fn of(shop: Shop) -> Self {
        let (process, url, first) = start(&shop);
        Self { shop, process, url, first }
    }

    /// Stops the server as its owner would, and starts it again on the same store.
    pub fn restart(&mut self) {
        self.stop();
        self.restart_after_kill();
    }

    /// Starts the server again that was killed.
    pub fn restart_after_kill(&mut self) {
        let (process, url, first) = start(&self.shop);
        (self.process, self.url, self.first) = (process, url, first);
    }

    /// Tells it to stop and waits until it has; whether it ended well.
    pub fn stop(&mut self) -> bool {
        let told = std::process::Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
        self.process.wait().expect("it can be waited for").success()
    }

    /// Kills it without a word.
    pub fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it can be waited for");
    }

    /// Somebody who has not signed in.
    pub fn stranger(&self) -> Visitor {
        Visitor { client: client(), url: self.url.clone(), cookie: None, csrf: None, token: None, language: "en" }
    }

    /// The owner, with a password of their own.
    pub async fn owner(&self) -> Visitor {
        let mut owner = self.stranger();
        match &self.first {
            Some(first) => {
                owner.sign_in("owner", first).await;
                owner.own_password(first).await;
            }
            None => owner.sign_in("owner", PASSWORD).await,
        }
        owner
    }

    /// Somebody with this role, invited by the owner and signed in.
    pub async fn member(&self, owner: &Visitor, role: &str) -> Visitor {
        let invited = owner.post("/invitations", json!({ "role": role, "note": role })).await.json();
        let link = invited["link"].as_str().expect("a link").to_owned();
        let token = link.rsplit('/').next().expect("a token");
        let mut member = self.stranger();
        let who = json!({ "login": role, "name": role, "password": PASSWORD, "language": "en" });
        let reply = member.post(&format!("/invitations/{token}"), who).await;
        member.take_in(&reply);
        member
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn start(shop: &Shop) -> (Child, String, Option<String>) {
    let mut process = shop
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let out = BufReader::new(process.stdout.take().expect("its standard output"));
    let (send, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| drop(send.send(line))));
    let line = lines.recv_timeout(Duration::from_secs(120)).expect("it says where it is");
    let url = line.strip_prefix("Kith is at ").unwrap_or_else(|| panic!("it said {line}")).to_owned();
    // The second line comes at once, or never.
    let first = lines.recv_timeout(Duration::from_millis(300)).ok();
    let first = first.map(|line| line.rsplit(' ').next().expect("a password").to_owned());
    (process, url, first)
}

impl Visitor {
    pub async fn sign_in(&mut self, login: &str, password: &str) {
        let reply = self.post("/session", json!({ "login": login, "password": password })).await;
        self.take_in(&reply);
    }

    /// Keeps the cookie and the mark of a session.
    pub fn take_in(&mut self, reply: &Reply) {
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        for line in reply.headers.get_all("set-cookie") {
            let pair = line.to_str().expect("text").split(';').next().expect("a pair").to_owned();
            if pair.starts_with("kith_session=") {
                self.cookie = Some(pair);
            }
        }
        let body = reply.json();
        let session = if body["session"].is_object() { &body["session"] } else { &body };
        self.csrf = Some(session["csrf"].as_str().expect("a mark").to_owned());
    }

    async fn own_password(&mut self, first: &str) {
        let reply = self.put("/session/password", json!({ "old": first, "new": PASSWORD })).await;
        self.take_in(&reply);
    }

    pub fn in_chinese(mut self) -> Self {
        self.language = "zh";
        self
    }

    /// A call with everything that a page would send along.
    pub fn call(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        static KEY: AtomicU64 = AtomicU64::new(0);
        let call = self.call_without_key(method.clone(), path);
        if method != Method::POST {
            return call;
        }
        call.header("idempotency-key", format!("key-{}-{}", std::process::id(), KEY.fetch_add(1, Ordering::Relaxed)))
    }

    /// The same without the key that makes a POST happen once.
    pub fn call_without_key(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("/api") || path == "/metrics" || path == "/" {
            format!("{}{path}", self.url)
        } else {
            format!("{}/api/v1{path}", self.url)
        };
        let mut call = self.client.request(method, url).header("kith-language", self.language);
        if let Some(cookie) = &self.cookie {
            call = call.header("cookie", cookie);
        }
        if let Some(csrf) = &self.csrf {
            call = call.header("x-kith-csrf", csrf);
        }
        if let Some(token) = &self.token {
            call = call.header("authorization", format!("Bearer {token}"));
        }
        call
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::of(self.call(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.call(Method::POST, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.call(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        Reply::of(self.call(Method::DELETE, path)).await
    }

    /// Sends a file in pieces of `piece` bytes; the upload's id.
    pub async fn send_file(&self, name: &str, bytes: &[u8], piece: usize) -> String {
        let begun = self.post("/uploads", json!({ "name": name, "size": bytes.len() })).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text());
        let id = begun.json()["id"].as_str().expect("an id").to_owned();
        for (n, part) in bytes.chunks(piece).enumerate() {
            let call = self.call(Method::PATCH, &format!("/uploads/{id}")).header("upload-offset", n * piece);
            let reply = Reply::of(call.header("content-type", "application/octet-stream").body(part.to_vec())).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        }
        id
    }

    /// Imports a file with everything guessed and waits until it is done; the job.
    pub async fn import(&self, name: &str, bytes: &[u8]) -> Value {
        let upload = self.send_file(name, bytes, 1 << 20).await;
        let begun = self.post("/imports", json!({ "upload": upload })).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text());
        self.finished(begun.json()["job"].as_str().expect("a job")).await
    }

    /// Waits for a job.
    pub async fn finished(&self, job: &str) -> Value {
        for _ in 0..600 {
            let now = self.get(&format!("/imports/jobs/{job}")).await.json();
            if matches!(now["state"].as_str(), Some("done" | "failed")) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the import did not end");
    }
}

impl Reply {
    pub async fn of(call: reqwest::RequestBuilder) -> Self {
        let reply = call.send().await.expect("an answer");
        let (status, headers) = (reply.status(), reply.headers().clone());
        Self { status, headers, bytes: reply.bytes().await.expect("a whole answer").to_vec() }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The code of a problem.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{} {}", self.status, self.text());
        self.json()["code"].as_str().expect("a code").to_owned()
    }
}

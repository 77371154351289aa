//! For tests of this crate and of those above it: a fresh store on every engine that can be had, and a PostgreSQL server of our own.
//!
//! The server is made in a temporary folder, listens on the loopback only, and ends with the process that asked for it, however that ends: a
//! shell looks after it and stops when its standard input is closed.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use kith_core::{Calendar, Currency, Instant, Language, Slug, Tenant, TenantId};

use crate::Journal;

/// An empty store with one tenant. Its folder goes when it is dropped.
pub struct TestStore {
    pub journal: Journal,
    pub tenant: TenantId,
    pub url: String,
    /// Where the file lies, on SQLite.
    pub folder: Option<Folder>,
}

/// A temporary folder that is removed when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    #[must_use]
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("kith-journal-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the temporary folder may be written");
        Self(path)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A tenant in Shanghai.
#[must_use]
pub fn tenant(id: &str) -> Tenant {
    Tenant {
        id: Slug::parse(id).expect("a short name"),
        name: id.to_owned(),
        calendar: Calendar::parse("Asia/Shanghai").expect("a zone that exists"),
        currency: Currency::CNY,
        language: Language::Zh,
        country: "CN".to_owned(),
    }
}

/// So many seconds after the beginning of 2026.
#[must_use]
pub fn at(second: i64) -> Instant {
    Instant::parse("2026-01-01T00:00:00Z").expect("a time").plus_seconds(second)
}

/// A fresh store on SQLite and, where there is a server, one on PostgreSQL.
pub async fn stores() -> Vec<TestStore> {
    let mut stores = vec![sqlite_store().await];
    if let Some(url) = postgres_url() {
        stores.push(open(url, None).await);
    }
    stores
}

pub async fn sqlite_store() -> TestStore {
    let folder = Folder::new();
    open(format!("sqlite:{}", folder.path().join("kith.db").display()), Some(folder)).await
}

pub async fn open(url: String, folder: Option<Folder>) -> TestStore {
    let journal = Journal::open(&url).await.expect("a fresh store opens");
    let tenant = tenant("tea");
    journal.put_tenant(&tenant).await.expect("a tenant can be added");
    TestStore { journal, tenant: tenant.id, url, folder }
}

/// The address of a fresh database on the server that all tests of this process share. `None`, with a word on stderr, where PostgreSQL
/// is not installed; with `KITH_REQUIRE_POSTGRES=1` that is a failure.
#[must_use]
pub fn postgres_url() -> Option<String> {
    static SHARED: LazyLock<Option<Mutex<PostgresServer>>> = LazyLock::new(|| PostgresServer::start().map(Mutex::new));
    SHARED.as_ref().map(|server| server.lock().unwrap_or_else(PoisonError::into_inner).create_database())
}

/// A PostgreSQL server in a temporary folder.
pub struct PostgresServer {
    shell: Child,
    /// Taken when the server ends: closing it tells the shell to clean up.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    port: u16,
    databases: u32,
}

const SHELL: &str = r#"
trap '' INT HUP
dir=$(mktemp -d "${TMPDIR:-/tmp}/kith-postgres-XXXXXX") || exit 1
end() { "$KITH_PG_BIN/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"; }
"$KITH_PG_BIN/initdb" -D "$dir/data" -U kith -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || { cat "$dir/log" >&2; end; exit 1; }
cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
port = $KITH_PG_PORT
unix_socket_directories = '$dir'
max_connections = 300
fsync = off
END
"$KITH_PG_BIN/pg_ctl" -D "$dir/data" -l "$dir/log" -w start >/dev/null 2>&1 || { cat "$dir/log" >&2; end; exit 1; }
echo ready
while read -r command name; do
    case $command in
        create) "$KITH_PG_BIN/createdb" -h 127.0.0.1 -p "$KITH_PG_PORT" -U kith -T template0 "$name" ;;
        stop) "$KITH_PG_BIN/pg_ctl" -D "$dir/data" -m "$name" -w stop ;;
        start) "$KITH_PG_BIN/pg_ctl" -D "$dir/data" -l "$dir/log" -w start ;;
    esac >>"$dir/commands" 2>&1 && echo done || { cat "$dir/commands" >&2; echo failed; }
done
end
"#;

impl PostgresServer {
    /// Makes and starts a server, or says on stderr that there is none to be had.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Some(bin) = programs() else {
            let required = std::env::var("KITH_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
            assert!(!required, "PostgreSQL is not installed and KITH_REQUIRE_POSTGRES=1: apt-get install postgresql-15");
            eprintln!("PostgreSQL is not installed, so its half of the tests is left out: apt-get install postgresql-15");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        // PostgreSQL refuses to run as root.
        let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0");
        let mut command = if root { Command::new("su") } else { Command::new("sh") };
        if root {
            command.args(["postgres", "-s", "/bin/sh"]);
        }
        command.args(["-c", SHELL]).current_dir("/").env("KITH_PG_BIN", bin).env("KITH_PG_PORT", port.to_string());
        let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell can be started");
        let commands = shell.stdin.take();
        let answers = BufReader::new(shell.stdout.take().expect("its output was asked for"));
        let mut server = Self { shell, commands, answers, port, databases: 0 };
        server.expect("ready");
        Some(server)
    }

    /// Makes an empty database and gives its address.
    pub fn create_database(&mut self) -> String {
        self.databases += 1;
        let name = format!("kith_{}", self.databases);
        self.tell(&format!("create {name}"));
        format!("postgres://kith@127.0.0.1:{}/{name}", self.port)
    }

    /// Stops the server without ceremony, as a power cut would.
    pub fn stop(&mut self) {
        self.tell("stop immediate");
    }

    /// Starts it again.
    pub fn go_on(&mut self) {
        self.tell("start");
    }

    fn tell(&mut self, command: &str) {
        let commands = self.commands.as_mut().expect("taken at the end only");
        writeln!(commands, "{command}").expect("the shell listens");
        self.expect("done");
    }

    fn expect(&mut self, answer: &str) {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the shell answers");
        assert_eq!(line.trim(), answer, "PostgreSQL did not do as it was told; what it said stands above");
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.commands.take();
        let _ = self.shell.wait();
    }
}

/// The folder of the newest server's programs.
fn programs() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = installed.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    folders.retain(|bin| bin.join("initdb").exists() && bin.join("postgres").exists());
    folders.sort();
    folders.pop()
}

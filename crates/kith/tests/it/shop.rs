//! A shop with a store of its own: the real binary, what it says, and the hand that kills it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A shop whose folder goes with the test.
pub struct Shop {
    folder: tempfile::TempDir,
    dice: u64,
    /// The address of its PostgreSQL database; none is SQLite.
    database: Option<String>,
    kills: u64,
}

/// What became of a process that was to be killed.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum End {
    Killed,
    /// It was faster than the hand, and ended well.
    Finished,
}

fn seed() -> u64 {
    std::env::var("KITH_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_121)
}

/// How many kills of each kind: so many, unless the environment says otherwise.
fn kills(unless_said: u64) -> u64 {
    std::env::var("KITH_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(unless_said)
}

impl Shop {
    /// A store with one tenant and nothing in it.
    pub fn new() -> Self {
        Self::with(&["--zone", "Asia/Shanghai", "--currency", "CNY"])
    }

    /// The same for another kind of business.
    pub fn with(init: &[&str]) -> Self {
        Self::start(None, init)
    }

    /// A store on a PostgreSQL database.
    pub fn on(url: &str) -> Self {
        Self::start(Some(url.to_owned()), &["--zone", "Asia/Shanghai", "--currency", "CNY"])
    }

    fn start(database: Option<String>, init: &[&str]) -> Self {
        let shop = Self { folder: tempfile::tempdir().expect("a temporary folder"), dice: seed(), database, kills: 0 };
        shop.must(&[&["init", "tea"], init].concat());
        shop
    }

    /// The same, for a story of kills: says how it can be repeated.
    pub fn to_be_killed(kind: &str) -> Self {
        Self::new().with_kills(kind, kills(20))
    }

    /// The same on PostgreSQL, where the database's own part of the promise is another's. `None` where it is not installed.
    pub fn to_be_killed_on_postgres(kind: &str) -> Option<Self> {
        let url = kith_journal::testing::postgres_url()?;
        Some(Self::on(&url).with_kills(&format!("{kind} on PostgreSQL"), kills(5)))
    }

    fn with_kills(self, kind: &str, kills: u64) -> Self {
        eprintln!("{kind}: {kills} kills, KITH_SEED={}", seed());
        Self { kills, ..self }
    }

    pub fn kills(&self) -> u64 {
        self.kills
    }

    /// Writes a file into the shop's folder; its path as an argument.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, bytes).expect("the test's folder is writable");
        path.to_str().expect("a path in UTF-8").to_owned()
    }

    /// Runs a command that must fail; what it printed on standard error.
    pub fn must_fail(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(
            !output.status.success(),
            "`kith {}` should have failed:\n{}",
            args.join(" "),
            String::from_utf8_lossy(&output.stdout)
        );
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// What a command that must succeed prints on standard output.
    pub fn says(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "`kith {}` failed:\n{}", args.join(" "), String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The same as JSON.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.says(&[args, &["--format", "json"]].concat())).expect("JSON")
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn store(&self) -> PathBuf {
        self.path().join("store")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command.args(args).env("KITH_STORE", self.store()).env_remove("KITH_TENANT").env_remove("KITH_DATABASE");
        if let Some(url) = &self.database {
            command.env("KITH_DATABASE", url);
        }
        command
    }

    /// Runs a command that must succeed; what it printed.
    pub fn must(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let shown = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "`kith {}` failed:\n{shown}", args.join(" "));
        shown
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().expect("the binary starts")
    }

    /// How long a command takes when nobody kills it.
    pub fn time(&self, args: &[&str]) -> Duration {
        let start = Instant::now();
        self.must(args);
        start.elapsed()
    }

    /// Starts a command and kills it at a random instant within `span` and a little more.
    pub fn kill(&mut self, args: &[&str], span: Duration) -> End {
        let child = self
            .command(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let delay = span.mul_f64(self.roll() * 1.05);
        end(child, delay)
    }

    /// A random number from 0 to 1 (SplitMix64: a test needs to be repeatable, not unpredictable).
    pub fn roll(&mut self) -> f64 {
        self.dice = self.dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.dice;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number that a SELECT gives.
    pub fn number(&self, sql: &str) -> i64 {
        let shown = self.run(&["sql", sql, "--format", "csv"]);
        assert!(shown.status.success(), "{sql}: {}", String::from_utf8_lossy(&shown.stderr));
        let text = String::from_utf8_lossy(&shown.stdout).into_owned();
        text.lines().nth(1).and_then(|line| line.trim().parse().ok()).unwrap_or_else(|| panic!("{sql} gave {text:?}"))
    }
}

fn end(mut child: Child, delay: Duration) -> End {
    let until = Instant::now() + delay;
    while Instant::now() < until {
        if let Some(status) = child.try_wait().expect("the child can be asked") {
            assert!(status.success(), "it failed before it was killed: {status}");
            return End::Finished;
        }
        sleep(Duration::from_micros(300));
    }
    // `kill` sends SIGKILL. It fails only if the process has ended by itself.
    let _ = child.kill();
    let status = child.wait().expect("the child can be waited for");
    if status.success() { End::Finished } else { End::Killed }
}

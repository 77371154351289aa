//! The configuration of a store: what `kith.toml` in its folder may say, and what holds where it says nothing.
//!
//! The file that ships with Kith writes out every default; a test keeps the two the same. A value is checked while it is read,
//! so that an error names its line. Where the store lies cannot stand in a file inside the store: see [`store_folder`].
//! The environment is passed in as a function, so that tests need not change that of their process.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use kith_core::{Calendar, Currency, Language, LifecycleRules, LinkBasis};
use serde::{Deserialize, Deserializer, de};

use crate::today::TodayRules;

/// Everything that a person may set, with the defaults of the shipped `kith.toml`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub store: StoreConfig,
    pub tenant: TenantDefaults,
    pub lifecycle: LifecycleRules,
    pub today: TodayRules,
    pub merges: MergeConfig,
    pub questions: QuestionConfig,
    pub import: ImportConfig,
    pub compaction: CompactionConfig,
    pub engine: EngineConfig,
    pub server: ServerConfig,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    pub database: Database,
    /// How long a second writer waits for the first before it is told.
    pub wait_seconds: u32,
}

/// Where the catalogue and the records lie.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Database {
    /// `kith.db` in the store's folder.
    #[default]
    Sqlite,
    /// The address of a PostgreSQL database, password included: never print it, print the enum.
    Postgres(String),
}

/// What a new tenant gets where nobody says otherwise.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantDefaults {
    #[serde(deserialize_with = "time_zone")]
    pub time_zone: Calendar,
    pub currency: Currency,
    pub language: Language,
    /// ISO 3166, two capitals.
    #[serde(deserialize_with = "country")]
    pub country: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MergeConfig {
    /// From this confidence on (0 to 1) a merge needs no person.
    #[serde(deserialize_with = "fraction")]
    pub automatic_from: f64,
    pub confidence: MergeConfidence,
}

/// The confidence (0 to 1) of each [`LinkBasis`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct MergeConfidence {
    #[serde(deserialize_with = "fraction")]
    pub union_id: f64,
    #[serde(deserialize_with = "fraction")]
    pub order_account: f64,
    #[serde(deserialize_with = "fraction")]
    pub email: f64,
    #[serde(deserialize_with = "fraction")]
    pub phone: f64,
    #[serde(deserialize_with = "fraction")]
    pub referral_code: f64,
    #[serde(deserialize_with = "fraction")]
    pub tracked_link: f64,
    #[serde(deserialize_with = "fraction")]
    pub device: f64,
}

/// Windows of the questions, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuestionConfig {
    #[serde(deserialize_with = "at_least_one")]
    pub attribution_days: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub short_run_days: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub long_run_days: u32,
}

/// Limits that keep a broken or hostile file from filling the memory or the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportConfig {
    #[serde(deserialize_with = "at_least_one")]
    pub longest_line_mib: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub most_columns: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub unpacked_gib: u32,
    /// Unpacked bytes for each packed one.
    #[serde(deserialize_with = "at_least_one")]
    pub unpacked_ratio: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub preview_rows: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub guess_rows: u32,
}

/// When hot rows become files, and small files one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompactionConfig {
    #[serde(deserialize_with = "at_least_one")]
    pub hot_rows: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub merge_files: u32,
    #[serde(deserialize_with = "at_least_one")]
    pub merged_file_rows: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineConfig {
    /// 0 is as many as the machine has.
    pub threads: u32,
    /// 0 is a quarter of what the machine has.
    pub memory_mib: u32,
}

/// However small the machine: with less, questions over a year of a small shop go to the disk.
const LEAST_MEMORY: u64 = 512 << 20;

impl EngineConfig {
    /// What a question or an import may hold.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let bytes = if self.memory_mib > 0 { u64::from(self.memory_mib) << 20 } else { (machine_memory() / 4).max(LEAST_MEMORY) };
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}

/// Bytes of memory that this process may have: the machine's, or those of its container where that is smaller.
fn machine_memory() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let limit = system.cgroup_limits().map_or(u64::MAX, |limits| limits.total_memory);
    system.total_memory().min(limit)
}

/// How Kith serves its pages and its API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port; port 0 takes one that is free.
    pub listen: SocketAddr,
    /// Are the pages reached by https, through a proxy before Kith? Then cookies are sent over https only.
    pub https: bool,
    /// Does a proxy before Kith say in `X-Forwarded-For` whence a call comes?
    pub behind_proxy: bool,
    /// Of one signed-in person or token, and of one address without either.
    #[serde(deserialize_with = "at_least_one")]
    pub requests_per_second: u32,
    /// So many may come at once before they are counted by the second.
    #[serde(deserialize_with = "at_least_one")]
    pub requests_at_once: u32,
    /// The largest file that may be sent.
    #[serde(deserialize_with = "at_least_one")]
    pub upload_gib: u32,
    /// A file that was sent and not imported is kept for so long.
    #[serde(deserialize_with = "at_least_one")]
    pub upload_hours: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("could not read {}: make it readable for you, or move it away to use the defaults", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} line {line}: {message}: put it right, or delete the line to use the default", path.display())]
    Wrong { path: PathBuf, line: usize, message: String },
    #[error("the environment variable KITH_DATABASE is {0}")]
    Environment(DatabaseError),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a database: write \"sqlite\", or an address such as postgres://kith@localhost/kith")]
pub struct DatabaseError;

/// The folder of the store: the one given, else that of `KITH_STORE`, else `./kith-data`. An empty variable counts as none.
pub fn store_folder(given: Option<&Path>, environment: impl Fn(&str) -> Option<String>) -> PathBuf {
    given.map(Path::to_owned).or_else(|| set(&environment, "KITH_STORE").map(PathBuf::from)).unwrap_or_else(|| "kith-data".into())
}

impl Config {
    /// Reads `kith.toml` in the store's folder, where there is one, and lets `KITH_DATABASE` win over it.
    pub fn load(store: &Path, environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let path = store.join("kith.toml");
        let mut config = match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(source) => return Err(ConfigError::Unreadable { path, source }),
        };
        if let Some(address) = set(&environment, "KITH_DATABASE") {
            config.store.database = Database::parse(&address).map_err(ConfigError::Environment)?;
        }
        Ok(config)
    }

    /// Parses the text of a `kith.toml`; `path` is for the error only.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            // The error's own text would show the line itself, and a password may stand in it.
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            ConfigError::Wrong { path: path.to_owned(), line, message: error.message().trim().replace('\n', ", ") }
        })
    }
}

fn set(environment: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    environment(name).filter(|value| !value.trim().is_empty())
}

impl Database {
    pub fn parse(text: &str) -> Result<Self, DatabaseError> {
        let text = text.trim();
        if text == "sqlite" {
            Ok(Self::Sqlite)
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else {
            Err(DatabaseError)
        }
    }
}

impl fmt::Debug for Database {
    /// Without the user and the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite => f.write_str("sqlite"),
            Self::Postgres(address) => {
                let place = address.split_once("://").map_or("", |(_, rest)| rest.rsplit('@').next().unwrap_or(rest));
                write!(f, "postgres://{}", place.split('?').next().unwrap_or(place))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Database {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { database: Database::default(), wait_seconds: 30 }
    }
}

impl Default for TenantDefaults {
    fn default() -> Self {
        Self {
            time_zone: Calendar::parse("Asia/Shanghai").expect("the time zone table has Shanghai"),
            currency: Currency::CNY,
            language: Language::En,
            country: "CN".to_owned(),
        }
    }
}

impl Default for MergeConfig {
    fn default() -> Self {
        Self { automatic_from: 0.8, confidence: MergeConfidence::default() }
    }
}

impl Default for MergeConfidence {
    fn default() -> Self {
        Self {
            union_id: LinkBasis::UnionId.confidence(),
            order_account: LinkBasis::OrderAccount.confidence(),
            email: LinkBasis::Email.confidence(),
            phone: LinkBasis::Phone.confidence(),
            referral_code: LinkBasis::ReferralCode.confidence(),
            tracked_link: LinkBasis::TrackedLink.confidence(),
            device: LinkBasis::Device.confidence(),
        }
    }
}

impl MergeConfidence {
    #[must_use]
    pub const fn of(&self, basis: LinkBasis) -> f64 {
        match basis {
            LinkBasis::UnionId => self.union_id,
            LinkBasis::OrderAccount => self.order_account,
            LinkBasis::Email => self.email,
            LinkBasis::Phone => self.phone,
            LinkBasis::ReferralCode => self.referral_code,
            LinkBasis::TrackedLink => self.tracked_link,
            LinkBasis::Device => self.device,
        }
    }
}

impl Default for QuestionConfig {
    fn default() -> Self {
        Self { attribution_days: 30, short_run_days: 7, long_run_days: 180 }
    }
}

impl Default for ImportConfig {
    fn default() -> Self {
        Self {
            longest_line_mib: 16,
            most_columns: 2_000,
            unpacked_gib: 64,
            unpacked_ratio: 250,
            preview_rows: 5,
            guess_rows: 1_000,
        }
    }
}

impl Default for CompactionConfig {
    fn default() -> Self {
        Self { hot_rows: 100_000, merge_files: 16, merged_file_rows: 4_194_304 }
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7447)),
            https: false,
            behind_proxy: false,
            requests_per_second: 200,
            requests_at_once: 1_000,
            upload_gib: 20,
            upload_hours: 48,
        }
    }
}

fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Calendar, D::Error> {
    let name = String::deserialize(deserializer)?;
    Calendar::parse(&name)
        .ok_or_else(|| de::Error::custom(format!("`{name}` is not a time zone, write an IANA name such as Asia/Shanghai")))
}

fn country<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let code = String::deserialize(deserializer)?;
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(code)
    } else {
        Err(de::Error::custom(format!("`{code}` is not a country, write two capitals of ISO 3166 such as CN")))
    }
}

fn fraction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(de::Error::custom(format!("{value} is not a confidence, write a number from 0 to 1")))
    }
}

fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        0 => Err(de::Error::custom("0 is too small, write at least 1")),
        value => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../kith.toml");

    fn wrong(text: &str) -> String {
        Config::parse(text, Path::new("kith.toml")).unwrap_err().to_string()
    }

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn the_shipped_file_is_the_default() {
        assert_eq!(Config::parse(SHIPPED, Path::new("kith.toml")).unwrap(), Config::default());
        assert_eq!(Config::parse("", Path::new("kith.toml")).unwrap(), Config::default());
    }

    #[test]
    fn the_shipped_file_writes_out_every_default() {
        // A field that is left out of the file would pass the test above. So every number of the file is changed by one, and no
        // field may keep its default.
        let changed: String = SHIPPED.lines().map(|line| change(line) + "\n").collect();
        let config = Config::parse(&changed, Path::new("kith.toml")).unwrap();
        let (now, before) = (format!("{config:#?}"), format!("{:#?}", Config::default()));
        let kept: Vec<_> =
            now.lines().zip(before.lines()).filter(|(a, b)| a == b && a.contains(": ") && !a.ends_with(['{', '('])).collect();
        assert!(kept.is_empty(), "these defaults do not stand in kith.toml: {kept:?}");
    }

    fn change(line: &str) -> String {
        let code = line.split(" #").next().unwrap_or(line);
        let Some((name, value)) = code.split_once(" = ").filter(|_| !line.starts_with('#')) else {
            return line.to_owned();
        };
        let value = match value.trim() {
            "\"sqlite\"" => "\"postgres://kith@localhost/kith\"".to_owned(),
            "\"Asia/Shanghai\"" => "\"Europe/Berlin\"".to_owned(),
            "\"CNY\"" => "\"EUR\"".to_owned(),
            "\"en\"" => "\"zh\"".to_owned(),
            "\"CN\"" => "\"DE\"".to_owned(),
            "\"127.0.0.1:7447\"" => "\"0.0.0.0:80\"".to_owned(),
            "false" => "true".to_owned(),
            number if number.contains('.') => (number.parse::<f64>().unwrap() / 2.0).to_string(),
            number => (number.replace('_', "").parse::<u32>().unwrap() + 1).to_string(),
        };
        format!("{name} = {value}")
    }

    #[test]
    fn an_unknown_name_is_refused_with_its_line() {
        let error = wrong("[lifecycle]\nrepeat_orders = 3\nrepeat_order = 4\n");
        assert!(error.starts_with("kith.toml line 3: unknown field `repeat_order`"), "{error}");
    }

    #[test]
    fn a_value_that_cannot_be_is_refused_with_its_line_and_what_to_write() {
        for (text, line, advice) in [
            ("[tenant]\ntime_zone = \"Mars\"", 2, "IANA"),
            ("\n\n[tenant]\ncountry = \"cn\"", 4, "two capitals"),
            ("[tenant]\nlanguage = \"fr\"", 2, "`zh`"),
            ("[tenant]\ncurrency = \"yuan?\"", 2, "ISO 4217"),
            ("[merges]\nautomatic_from = 80", 2, "from 0 to 1"),
            ("[merges.confidence]\ndevice = -0.1", 2, "from 0 to 1"),
            ("[questions]\nshort_run_days = 0", 2, "at least 1"),
            ("[engine]\nmemory_mib = \"1 GB\"", 2, "invalid type"),
            ("[store]\ndatabase = \"mysql://x\"", 2, "postgres://"),
            ("[store\n", 1, ""),
        ] {
            let error = wrong(text);
            assert!(error.starts_with(&format!("kith.toml line {line}: ")) && error.contains(advice), "{text}: {error}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let error = wrong("[store]\ndatabase = \"mysql://kith:geheim@host/kith\"");
        assert!(!error.contains("geheim"), "{error}");
        let database = Database::parse("postgres://kith:geheim@host/kith?sslpassword=geheim").unwrap();
        assert_eq!(format!("{database:?}"), "postgres://host/kith");
    }

    #[test]
    fn a_store_without_a_file_has_the_defaults_and_the_environment_wins() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Config::load(folder.path(), nothing).unwrap(), Config::default());

        std::fs::write(folder.path().join("kith.toml"), "[store]\ndatabase = \"postgres://one/kith\"\n").unwrap();
        assert_eq!(format!("{:?}", Config::load(folder.path(), nothing).unwrap().store.database), "postgres://one/kith");
        let config = Config::load(folder.path(), |name| (name == "KITH_DATABASE").then(|| "sqlite".to_owned())).unwrap();
        assert_eq!(config.store.database, Database::Sqlite);

        let error = Config::load(folder.path(), |_| Some("oracle://kith:geheim@x".to_owned())).unwrap_err().to_string();
        assert!(error.contains("KITH_DATABASE") && !error.contains("geheim"), "{error}");
    }

    #[test]
    fn the_folder_given_wins_over_the_environment_and_an_empty_variable_is_none() {
        let set = |name: &str| (name == "KITH_STORE").then(|| "from-environment".to_owned());
        assert_eq!(store_folder(Some(Path::new("given")), set), PathBuf::from("given"));
        assert_eq!(store_folder(None, set), PathBuf::from("from-environment"));
        assert_eq!(store_folder(None, |_| Some(String::new())), PathBuf::from("kith-data"));
    }

    #[test]
    fn the_confidence_of_every_basis_is_that_of_the_words_until_somebody_changes_it() {
        for basis in LinkBasis::ALL {
            assert!((MergeConfidence::default().of(basis) - basis.confidence()).abs() < f64::EPSILON);
        }
    }
}

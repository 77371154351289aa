//! The command line: what can be said to Kith in a terminal.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Kith keeps one timeline per customer and says what to do next.
#[derive(Debug, Parser)]
#[command(name = "kith", version, max_term_width = 100, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Kith {
    /// The folder of the store [default: kith-data]
    #[arg(long, global = true, env = "KITH_STORE", value_name = "DIR", hide_env = true)]
    pub store: Option<PathBuf>,
    /// The business, where the store holds several
    #[arg(long, global = true, env = "KITH_TENANT", value_name = "ID", hide_env = true)]
    pub tenant: Option<String>,
    /// How answers are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
    /// Language of what Kith says: en or zh [default: the tenant's]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import FILES (or make the sample shop), print this morning's report and serve the pages
    Run(Run),
    /// Serve the pages and the API
    Serve(Serve),
    /// Make a store for a business
    Init(Init),
    /// Read exported files into the timeline
    Import(Import),
    /// List imports, with what was refused
    Imports,
    /// Take a whole import back
    Undo(ImportNumber),
    /// Take the undo back
    Redo(ImportNumber),
    /// Take touches as JSON lines from standard input, acknowledged when durable
    Append(Append),
    /// What to do this morning
    Today(Today),
    /// Ask a question; without a name, list them
    Ask(Ask),
    /// Find contacts by name, handle, phone or order number
    Contacts(Contacts),
    /// A contact's touches in order
    Timeline(Timeline),
    /// Which identities are one contact: list, decide, undo
    Merges(Merges),
    /// Load accounts, campaigns and placements from a plan, or show them
    Plan(Plan),
    /// Give an account its one role
    Account(Account),
    /// Who may work with this store, and as what
    User(User),
    /// What was done, by whom and from where
    Audit(Audit),
    /// The keys that seal secrets
    Key(Key),
    /// Ask the lake in SQL, read-only
    Sql(Sql),
    /// Write an answer or the whole journal to CSV or Parquet
    Export(Export),
    /// Make the sample tea shop, with its known truth
    Sample(Sample),
    /// Move new touches into Parquet and join small files
    Compact,
    /// Check a store and say what to do
    Doctor(Doctor),
    /// Print the document of the API
    Openapi,
    /// Print completions for a shell
    Completions(Completions),
}

#[derive(Debug, Args)]
pub struct Run {
    /// Exported files; none makes the sample shop in an empty store
    pub files: Vec<PathBuf>,
    /// Contacts of the sample shop
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    pub contacts: u64,
    /// Print the report and stop
    #[arg(long)]
    pub once: bool,
    #[command(flatten)]
    pub serve: Serve,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port; port 0 takes a free one and says which [default: that of kith.toml, 127.0.0.1:7447]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub struct Init {
    /// A short name for the business, such as one-leaf-tea
    pub id: String,
    /// Its name as people know it
    #[arg(long)]
    pub name: Option<String>,
    /// IANA time zone, such as Asia/Shanghai
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// ISO 4217 currency, such as CNY
    #[arg(long)]
    pub currency: Option<String>,
    /// Language of reports: en or zh
    #[arg(long, value_name = "LANG")]
    pub language: Option<String>,
    /// ISO 3166 country of phone numbers without a prefix, such as CN
    #[arg(long)]
    pub country: Option<String>,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Files: CSV, Excel, JSON lines, Parquet; gz, zst or zip of them
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// What the rows are: touches, contacts, posts, orders, costs, reviews, cases
    #[arg(long)]
    pub kind: Option<String>,
    /// A saved mapping, or a mapping file (.toml, .json)
    #[arg(long, value_name = "NAME|FILE")]
    pub mapping: Option<String>,
    /// Correct the mapping: COLUMN=FIELD, as often as needed
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    pub map: Vec<String>,
    /// A value that every row has: FIELD=VALUE
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Save the mapping that was used under this name
    #[arg(long, value_name = "NAME")]
    pub save_mapping: Option<String>,
    /// Channel of the rows, such as weibo or shop
    #[arg(long)]
    pub channel: Option<String>,
    /// When the file was exported, for dates like “yesterday 12:30”
    #[arg(long, value_name = "TIME")]
    pub exported_at: Option<String>,
    /// Read 03/04/2026 as 3 April
    #[arg(long)]
    pub day_first: bool,
    /// Currency of amounts that name none
    #[arg(long)]
    pub currency: Option<String>,
    /// Character encoding, if it is guessed wrongly (utf-8, gb18030, utf-16le…)
    #[arg(long)]
    pub encoding: Option<String>,
    /// Column separator, if it is guessed wrongly (, ; tab | space)
    #[arg(long)]
    pub delimiter: Option<String>,
    /// Sheet of a workbook
    #[arg(long)]
    pub sheet: Option<String>,
    /// The first row is data, not names
    #[arg(long)]
    pub no_header: bool,
    /// Show the mapping and the first rows as touches; import nothing
    #[arg(long)]
    pub preview: bool,
    /// Import even though the same bytes were imported before
    #[arg(long)]
    pub again: bool,
}

impl Import {
    /// Files to import with everything guessed.
    pub fn of(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            kind: None,
            mapping: None,
            map: Vec::new(),
            set: Vec::new(),
            save_mapping: None,
            channel: None,
            exported_at: None,
            day_first: false,
            currency: None,
            encoding: None,
            delimiter: None,
            sheet: None,
            no_header: false,
            preview: false,
            again: false,
        }
    }
}

#[derive(Debug, Args)]
pub struct ImportNumber {
    /// The number that `kith imports` shows
    pub import: i64,
}

#[derive(Debug, Args)]
pub struct Append {
    /// Rows acknowledged together
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub batch: usize,
}

#[derive(Debug, Args)]
pub struct Today {
    /// As if it were this time [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Only this rule, with all of its evidence
    #[arg(long)]
    pub rule: Option<String>,
}

#[derive(Debug, Args)]
pub struct Ask {
    /// The question, such as revenue, traffic, lifecycle
    pub question: Option<String>,
    /// What it is about, where a question asks for it: a campaign, a contact
    pub subject: Option<String>,
    /// First day, such as 2026-10-01
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    /// Last day, inside
    #[arg(long, value_name = "DAY")]
    pub until: Option<String>,
    /// Break down by day, week, month, medium, campaign, placement, account, channel (several with commas)
    #[arg(long)]
    pub by: Option<String>,
    /// As if it were this time [default: now]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// At most so many rows
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Say how each figure was computed
    #[arg(long)]
    pub how: bool,
}

#[derive(Debug, Args)]
pub struct Contacts {
    /// A name, handle, e-mail, phone or order number, or a part of it
    pub query: String,
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct Timeline {
    /// A contact's number, or anything that finds exactly one
    pub contact: String,
    /// At most so many touches, the newest
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Merges {
    #[command(subcommand)]
    pub act: Option<MergeAct>,
}

#[derive(Debug, Subcommand)]
pub enum MergeAct {
    /// Show merges that stand
    List {
        /// Those that were undone too
        #[arg(long)]
        all: bool,
    },
    /// Say that a proposal is one person
    Accept { proposal: i64 },
    /// Say that a proposal is two people
    Reject { proposal: i64 },
    /// Take a merge back
    Undo { merge: i64 },
    /// Take back what a person decided about two identities
    Forget { one: i64, other: i64 },
}

#[derive(Debug, Args)]
pub struct Plan {
    /// A plan in TOML; without one, what is planned is shown
    pub file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Account {
    #[command(subcommand)]
    pub act: AccountAct,
}

#[derive(Debug, Subcommand)]
pub enum AccountAct {
    /// Show accounts and their faults
    List,
    /// Add an account
    Add { id: String, channel: String, handle: String },
    /// Set the one role of an account
    Role {
        id: String,
        #[arg(long)]
        objective: String,
        #[arg(long)]
        audience: String,
        #[arg(long)]
        measure: String,
    },
}

#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    pub act: UserAct,
}

#[derive(Debug, Subcommand)]
pub enum UserAct {
    /// Show everybody of the business
    List,
    /// Add somebody and print a password for the first time
    Add {
        /// An e-mail address or a plain name
        login: String,
        /// owner, manager, editor, agent or analyst
        role: String,
        /// The name that others see [default: the login]
        #[arg(long)]
        name: Option<String>,
        /// May do what reaches beyond one business: backup, new businesses
        #[arg(long)]
        operator: bool,
    },
    /// Give somebody who has a login a role in the business
    Role { login: String, role: String },
    /// Take somebody out of the business
    Remove { login: String },
    /// Let somebody sign in no more
    Disable { login: String },
    /// Let somebody sign in again
    Enable { login: String },
    /// Print a new password for the first time; all sessions of that user end
    ResetPassword { login: String },
    /// Ask somebody for no second factor until they add one again
    ResetSecondFactor { login: String },
    /// Say whether somebody may do what reaches beyond one business
    Operator {
        login: String,
        #[arg(value_enum)]
        answer: YesNo,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    Yes,
    No,
}

#[derive(Debug, Args)]
pub struct Audit {
    /// At most so many lines, the newest
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: u32,
    /// Lines before this number
    #[arg(long, value_name = "N")]
    pub before: Option<i64>,
    /// Only this kind, such as session.signed-in
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    /// What concerns the store and no business: keys, sign-ins of nobody
    #[arg(long)]
    pub of_store: bool,
}

#[derive(Debug, Args)]
pub struct Key {
    #[command(subcommand)]
    pub act: KeyAct,
}

#[derive(Debug, Subcommand)]
pub enum KeyAct {
    /// Seal every secret with a new key, also while a server runs
    Rotate,
    /// Print a key for KITH_KEYS, where keys are not to lie in the store's folder
    New,
}

#[derive(Debug, Args)]
pub struct Sql {
    /// One SELECT; without it, it is read from standard input
    pub query: Option<String>,
    /// At most so many rows on the screen
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct Export {
    /// `touches` for the whole journal, a question's name (CSV only), or a SELECT
    pub what: String,
    /// Where to: the ending (.csv or .parquet) says how
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Sample {
    /// How many contacts the shop has
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    pub contacts: u64,
    /// The same seed makes the same shop
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// The last simulated day [default: yesterday]
    #[arg(long, value_name = "DAY")]
    pub until: Option<String>,
    /// Write files as platforms export them into this folder, instead of filling the store
    #[arg(long, value_name = "DIR")]
    pub files: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Doctor {
    /// Read every byte of every file, not only sizes and footers
    #[arg(long)]
    pub deep: bool,
}

#[derive(Debug, Args)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

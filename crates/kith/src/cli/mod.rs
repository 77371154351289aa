//! The terminal: each command parses what was typed, calls the desk once, and prints the answer.

mod account;
mod answer;
mod args;
mod audit;
mod contacts;
mod doctor;
mod export;
mod import;
mod key;
mod merges;
mod plan;
mod progress;
mod run;
mod sample;
mod serve;
mod setting;
mod table;
mod today;
mod user;

use std::process::ExitCode;

use clap::CommandFactory;

use args::Command;
pub use args::Kith;
use setting::Setting;
pub use setting::chain;

impl Kith {
    /// What goes to the log where `KITH_LOG` says nothing: a server tells of every request, a command of what is odd.
    pub const fn log_filter(&self) -> &'static str {
        if matches!(self.command, Command::Serve(_)) { "warn,kith=info" } else { "warn" }
    }
}

/// Does what the command line says. The code is a failure where the command worked and its answer is bad news (`doctor`).
pub async fn run(args: Kith) -> anyhow::Result<ExitCode> {
    let setting = Setting::new(&args)?;
    let done = |()| ExitCode::SUCCESS;
    match args.command {
        Command::Init(init) => run::init(&setting, init).await.map(done),
        Command::Import(import) => import::import(&setting, import).await.map(done),
        Command::Imports => import::list(&setting).await.map(done),
        Command::Undo(number) => import::set_standing(&setting, number.import, false).await.map(done),
        Command::Redo(number) => import::set_standing(&setting, number.import, true).await.map(done),
        Command::Append(append) => import::append(&setting, append).await.map(done),
        Command::Run(run) => run::run(&setting, run).await.map(done),
        Command::Serve(serve) => serve::serve(&setting, serve).await.map(done),
        Command::Openapi => serve::openapi().map(done),
        Command::Today(today) => today::today(&setting, today).await.map(done),
        Command::Sample(sample) => sample::sample(&setting, sample).await.map(done),
        Command::Ask(ask) => answer::ask(&setting, ask).await.map(done),
        Command::Contacts(contacts) => contacts::find(&setting, contacts).await.map(done),
        Command::Timeline(timeline) => contacts::timeline(&setting, timeline).await.map(done),
        Command::Merges(merges) => merges::merges(&setting, merges).await.map(done),
        Command::Plan(plan) => plan::plan(&setting, plan).await.map(done),
        Command::Account(account) => account::account(&setting, account).await.map(done),
        Command::User(user) => user::user(&setting, user).await.map(done),
        Command::Audit(audit) => audit::audit(&setting, audit).await.map(done),
        Command::Key(key) => key::key(&setting, key).await.map(done),
        Command::Sql(sql) => export::sql(&setting, sql).await.map(done),
        Command::Export(export) => export::export(&setting, export).await.map(done),
        Command::Compact => import::compact(&setting).await.map(done),
        Command::Doctor(doctor) => doctor::doctor(&setting, doctor).await,
        Command::Completions(completions) => {
            let mut script = Vec::new();
            clap_complete::generate(completions.shell, &mut Kith::command(), "kith", &mut script);
            print!("{}", String::from_utf8_lossy(&script));
            Ok(ExitCode::SUCCESS)
        }
    }
}

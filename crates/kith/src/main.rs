//! The doors of Kith: the terminal and HTTP. Text in, one call down, answer out.

#[macro_use]
mod out;

mod cli;
mod http;
mod memory;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let args = cli::Kith::parse();
    let filter = EnvFilter::try_from_env("KITH_LOG").unwrap_or_else(|_| EnvFilter::new(args.log_filter()));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    memory::keep(memory::Keep::ToTheEnd);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("kith: could not start its threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(args)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("kith: {}", cli::chain(&error));
            ExitCode::FAILURE
        }
    }
}

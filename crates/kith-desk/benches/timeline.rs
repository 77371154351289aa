//! How long a contact's timeline takes in a process that is already running, as the web application will be.
//!
//! `cargo bench --workspace --bench timeline -- STORE TENANT CONTACTS`: the last is a file with a contact's number on each line. Prints
//! one JSON object: the seconds of each timeline, and how many touches they had. Called by `bench/run.sh`.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant as Clock;

use kith_core::{ContactId, Instant, Slug};
use kith_desk::audience::timeline;
use kith_desk::{Access, Config, Store};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench` to what it is given.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, tenant, contacts] = arguments.as_slice() else {
        return Err("say STORE TENANT CONTACTS; `make bench` does".into());
    };
    let numbers = std::fs::read_to_string(contacts)?.lines().map(str::parse::<i64>).collect::<Result<Vec<_>, _>>()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(take(PathBuf::from(folder), tenant, &numbers))
}

async fn take(folder: PathBuf, tenant: &str, numbers: &[i64]) -> Result<(), Box<dyn Error>> {
    let now = Instant::from_datetime(chrono::Utc::now())?;
    let config = Config::load(&folder, |_| None)?;
    let store = Store::open(&folder, config, Access::Read, now, |_| {}).await?;
    let tenant = store.tenant(Some(&Slug::parse(tenant)?)).await?;
    let (mut took, mut rows) = (Vec::with_capacity(numbers.len()), 0);
    for number in numbers {
        let start = Clock::now();
        rows += timeline(&store, &tenant, ContactId(*number), now).await?.entries.len();
        took.push(start.elapsed().as_secs_f64());
    }
    println!("{}", serde_json::json!({ "took_s": took, "rows": rows }));
    Ok(())
}

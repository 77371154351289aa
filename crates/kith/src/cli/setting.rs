//! What every command needs: the store's folder, the time, the form of the answer, and how an error is told.

use std::error::Error;
use std::path::PathBuf;

use anyhow::{Context, bail};
use kith_core::{Day, Instant, Language, Slug, Tenant, TenantId, WhenParser};
use kith_desk::trust::{Caller, Randomness, Trust};
use kith_desk::{Access, Config, Store};

use super::args::{Format, Kith};

/// Taken from the command line and the environment, once.
pub struct Setting {
    pub folder: PathBuf,
    pub tenant: Option<TenantId>,
    pub format: Format,
    pub language: Option<Language>,
    pub now: Instant,
}

impl Setting {
    pub fn new(args: &Kith) -> anyhow::Result<Self> {
        let folder = kith_desk::store_folder(args.store.as_deref(), environment);
        let tenant = args.tenant.as_deref().map(Slug::parse).transpose().context("--tenant")?;
        let language = match args.lang.as_deref() {
            None => None,
            Some(text) => Some(Language::parse(text).with_context(|| format!("`{text}` is not a language: use en or zh"))?),
        };
        let now = Instant::from_datetime(chrono::Utc::now()).context("the clock of this machine is wrong")?;
        Ok(Self { folder, tenant, format: args.format, language, now })
    }

    /// Opens the store, says what was repaired, and finds the tenant.
    pub async fn open(&self, access: Access) -> anyhow::Result<(Store, Tenant)> {
        let store = self.open_store(access).await?;
        let tenant = store.tenant(self.tenant.as_ref()).await?;
        Ok((store, tenant))
    }

    pub async fn open_store(&self, access: Access) -> anyhow::Result<Store> {
        let config = Config::load(&self.folder, environment)?;
        let store = Store::open(&self.folder, config, access, self.now, |message| eprintln!("kith: {message}")).await?;
        for repair in &store.repairs {
            eprintln!("kith: put right at the start: {repair}");
        }
        Ok(store)
    }

    /// Opens what trust needs. It takes no writer's lock: each act is one transaction of the database, also while a server runs.
    pub async fn open_trust(&self) -> anyhow::Result<(Trust, Caller)> {
        let (store, tenant) = self.open(Access::Read).await?;
        let trust = Trust::open(&store, environment, Randomness::system()).await?;
        Ok((trust, Caller::terminal(tenant.id, &person())))
    }

    pub fn language(&self, tenant: &Tenant) -> Language {
        self.language.unwrap_or(tenant.language)
    }

    /// A time as people type it, in the tenant's zone; now, where none is given.
    pub fn time(&self, text: Option<&str>, tenant: &Tenant) -> anyhow::Result<Instant> {
        match text {
            None => Ok(self.now),
            Some(text) => Ok(WhenParser::new(tenant.calendar, Some(self.now)).parse(text)?),
        }
    }

    pub fn day(&self, text: &str, tenant: &Tenant) -> anyhow::Result<Day> {
        Ok(WhenParser::new(tenant.calendar, Some(self.now)).parse_day(text)?)
    }

    /// JSON where it was asked for; `None` where the command shall print its text.
    pub fn json(&self, answer: &impl serde::Serialize) -> anyhow::Result<bool> {
        match self.format {
            Format::Json => {
                println!("{}", serde_json::to_string_pretty(answer)?);
                Ok(true)
            }
            Format::Text => Ok(false),
            Format::Csv => bail!("this answer is no table: use --format text or json"),
        }
    }
}

/// The environment, as the configuration asks for it.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Who types, as the system knows them.
pub fn person() -> String {
    environment("USER").unwrap_or_else(|| "somebody".to_owned())
}

/// An error and its causes, each once, in one line.
pub fn chain(error: &anyhow::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next: Option<&(dyn Error + 'static)> = Some(error.as_ref());
    while let Some(error) = next {
        let text = error.to_string();
        // A wrapper that says no more than its cause is told once.
        if !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_was_said_is_not_said_again() {
        let error = anyhow::anyhow!("disk full").context("could not write a.csv: disk full").context("the import failed");
        assert_eq!(chain(&error), "the import failed: could not write a.csv: disk full");
    }
}

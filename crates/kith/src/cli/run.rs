//! `kith run` and `kith init`: a store, something in it, this morning's report, and the pages.

use kith_core::{Calendar, Currency, Language, Slug, Tenant};
use kith_desk::{Access, Store};

use anyhow::Context;

use super::args::{Import, Init, Run, Sample};
use super::setting::Setting;
use super::{import, sample, today};

/// The tenant that files go to where nobody has named one.
pub const OWN_TENANT: &str = "my-shop";

pub async fn run(setting: &Setting, run: Run) -> anyhow::Result<()> {
    if run.files.is_empty() {
        let store = setting.open_store(Access::Write).await?;
        let empty = store.journal.tenants().await?.is_empty();
        drop(store);
        if empty {
            println!(
                "The store in {} is empty: making the sample shop, so that there is something to see.",
                setting.folder.display()
            );
            let args = Sample { contacts: run.contacts, seed: 1, until: None, files: None };
            sample::sample(setting, args).await?;
        }
    } else {
        let store = setting.open_store(Access::Write).await?;
        let id = match &setting.tenant {
            Some(id) => id.clone(),
            None => Slug::parse(OWN_TENANT)?,
        };
        let own = store.journal.tenants().await?.iter().any(|tenant| tenant.id.as_str() != kith_desk::SAMPLE_TENANT);
        if !own {
            store.journal.put_tenant(&defaults(&store, id, None)).await?;
        }
        drop(store);
        import::import(setting, Import::of(run.files)).await?;
    }
    println!();
    today::today(setting, super::args::Today { as_of: None, rule: None }).await?;
    if run.once {
        return Ok(());
    }
    println!();
    super::serve::serve(setting, run.serve).await
}

pub async fn init(setting: &Setting, init: Init) -> anyhow::Result<()> {
    let id = Slug::parse(&init.id)?;
    let store = setting.open_store(Access::Write).await?;
    let mut tenant = match store.journal.tenant(&id).await? {
        Some(tenant) => tenant,
        None => defaults(&store, id, None),
    };
    if let Some(name) = init.name {
        tenant.name = kith_core::clean(&name, 200)?;
    }
    if let Some(zone) = init.zone {
        tenant.calendar = Calendar::parse(&zone)
            .with_context(|| format!("`{zone}` is not a time zone: use an IANA name such as Asia/Shanghai"))?;
    }
    if let Some(currency) = init.currency {
        tenant.currency = Currency::parse(&currency)?;
    }
    if let Some(language) = init.language {
        tenant.language = Language::parse(&language).with_context(|| format!("`{language}` is not a language: use en or zh"))?;
    }
    if let Some(country) = init.country {
        let country = country.trim().to_uppercase();
        anyhow::ensure!(
            country.len() == 2 && country.is_ascii(),
            "`{country}` is not a country: use two letters of ISO 3166, such as CN"
        );
        tenant.country = country;
    }
    store.journal.put_tenant(&tenant).await?;
    println!(
        "{} ({}): days in {}, money in {}, store in {}",
        tenant.id,
        tenant.name,
        tenant.calendar.name(),
        tenant.currency,
        setting.folder.display()
    );
    Ok(())
}

pub fn defaults(store: &Store, id: Slug, name: Option<String>) -> Tenant {
    let config = &store.config.tenant;
    Tenant {
        name: name.unwrap_or_else(|| id.to_string()),
        id,
        calendar: config.time_zone,
        currency: config.currency,
        language: config.language,
        country: config.country.clone(),
    }
}

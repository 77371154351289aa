//! `kith run` and `kith init`: a store, something in it, and this morning's report.

use kith_core::{Calendar, Currency, Language, Slug, Tenant};
use kith_desk::{Access, Store};

use anyhow::Context;

use super::args::Init;
use super::setting::Setting;

/// The tenant that files go to where nobody has named one.
const OWN_TENANT: &str = "my-shop";

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
        tenant.calendar = Calendar::parse(&zone).with_context(|| format!("`{zone}` is not a time zone: use an IANA name such as Asia/Shanghai"))?;
    }
    if let Some(currency) = init.currency {
        tenant.currency = Currency::parse(&currency)?;
    }
    if let Some(language) = init.language {
        tenant.language = Language::parse(&language).with_context(|| format!("`{language}` is not a language: use en or zh"))?;
    }
    if let Some(country) = init.country {
        let country = country.trim().to_uppercase();
        anyhow::ensure!(country.len() == 2 && country.is_ascii(), "`{country}` is not a country: use two letters of ISO 3166, such as CN");
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

fn defaults(store: &Store, id: Slug, name: Option<String>) -> Tenant {
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

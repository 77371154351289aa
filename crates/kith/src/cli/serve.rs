//! `kith serve`: the pages and the API, until somebody stops it; and `kith openapi`.

use kith_core::Slug;
use kith_desk::Access;

use super::args::Serve;
use super::run::{OWN_TENANT, defaults};
use super::setting::{Setting, environment};
use crate::{http, memory};

pub async fn serve(setting: &Setting, serve: Serve) -> anyhow::Result<()> {
    let store = setting.open_store(Access::Write).await?;
    if store.journal.tenants().await?.is_empty() {
        store.journal.put_tenant(&defaults(&store, Slug::parse(OWN_TENANT)?, None)).await?;
    }
    let listen = serve.listen.unwrap_or(store.config.server.listen);
    let https = store.config.server.https;
    memory::keep(memory::Keep::ForSeconds(10));
    let server = http::open(store, listen, environment).await?;
    if !server.address.ip().is_loopback() && !https {
        eprintln!(
            "kith: {} is reached from other machines without https: put a proxy before Kith and set `https = true` in kith.toml",
            server.address
        );
    }
    println!("Kith is at {}", server.url());
    if let Some(first) = &server.first {
        println!("sign in as {} with the one-time password {}", first.login, first.password);
    }
    server.run(http::told_to_stop()).await
}

pub fn openapi() -> anyhow::Result<()> {
    print!("{}", http::openapi::text()?);
    Ok(())
}

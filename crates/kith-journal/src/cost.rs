//! What things cost, printed and never judged: run with `cost_of --nocapture`, best in a release build.

use std::time::Instant as Clock;

use kith_core::{Channel, Identity, IdentityId, Touch, TouchId, TouchKind};

use crate::testing::{at, stores};
use crate::{ImportCommit, ImportCounts, NewImport};

/// `KITH_COST_ROWS` makes it larger than the handful that shows that it works.
fn rows() -> usize {
    std::env::var("KITH_COST_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(2_000)
}

#[tokio::test]
async fn cost_of_an_import_with_many_identities() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let channel = Channel::parse("shop").unwrap();
        let identity = |n| Identity::login(tenant, channel.clone(), &format!("u{n}")).named(Some(format!("顾客{n}")));
        let identities: Vec<Identity> = (0..rows()).map(identity).collect();
        for round in ["new", "known"] {
            let new = NewImport {
                tenant: tenant.clone(),
                file_name: "a.csv".into(),
                file_digest: round.into(),
                kind: "contacts".into(),
                mapping_json: "{}".into(),
                as_of: None,
                started_at: at(0),
            };
            let import = journal.start_import(&new).await.unwrap();
            let commit = ImportCommit {
                import,
                tenant,
                catalogue_version: journal.catalogue(tenant).await.unwrap().version,
                counts: ImportCounts::default(),
                refused_path: None,
                files: &[],
                hidden: &[],
                identities: &identities,
                links: &[],
                records: &[],
                order_numbers: &[],
                at: at(1),
            };
            let clock = Clock::now();
            journal.commit_import(&commit).await.unwrap();
            let rate = rows() as f64 / clock.elapsed().as_secs_f64();
            println!("{:?}: {} {round} identities, {rate:.0} a second", journal.engine(), rows());
        }
        let clock = Clock::now();
        let texts = journal.index_pending().await.unwrap();
        println!("{:?}: {:.0} texts a second indexed", journal.engine(), texts as f64 / clock.elapsed().as_secs_f64());
        let clock = Clock::now();
        let hits = journal.search(tenant, "顾客19", 20).await.unwrap().len();
        println!("{:?}: {hits} found in {:.1} ms", journal.engine(), clock.elapsed().as_secs_f64() * 1e3);
    }
}

#[tokio::test]
async fn cost_of_appends() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let channel = Channel::parse("shop").unwrap();
        let touch = |n| {
            Touch::new(TouchId::of(tenant, "x", &format!("{n}")), IdentityId(n), Some(at(n)), TouchKind::Visit, channel.clone())
        };
        let touches: Vec<Touch> = (0..rows() as i64).map(touch).collect();
        let (single, batched) = touches.split_at(touches.len().min(200));
        let clock = Clock::now();
        for touch in single {
            journal.append(tenant, std::slice::from_ref(touch), &[], &[]).await.unwrap();
        }
        println!("{:?}: {:.2} ms for a touch alone", journal.engine(), clock.elapsed().as_secs_f64() * 1e3 / single.len() as f64);
        for size in [100, 1_000] {
            let (clock, mut count) = (Clock::now(), 0);
            for batch in batched
                .chunks(size)
                .skip(if size == 100 { 0 } else { batched.len() / 2 / size })
                .take(batched.len() / 2 / size + 1)
            {
                count += journal.append(tenant, batch, &[], &[]).await.unwrap();
            }
            println!(
                "{:?}: {:.0} touches a second, {size} a call",
                journal.engine(),
                count as f64 / clock.elapsed().as_secs_f64()
            );
        }
    }
}

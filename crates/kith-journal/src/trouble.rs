//! What a person is told when the disk, the file or the server does not do its part, and that nothing is half done then.

use std::time::Duration;

use kith_core::{Channel, IdentityId, Touch, TouchId, TouchKind};

use crate::testing::{self, Folder, PostgresServer, at, sqlite_store, stores};
use crate::{Engine, Journal, JournalError, Writers};

fn touches(count: usize) -> Vec<Touch> {
    let (tenant, channel) = (testing::tenant("tea").id, Channel::parse("shop").unwrap());
    let id = |n: usize| TouchId::of(&tenant, "shop", &n.to_string());
    (0..count).map(|n| Touch::new(id(n), IdentityId(7), Some(at(1)), TouchKind::Visit, channel.clone())).collect()
}

#[tokio::test]
async fn a_store_that_another_holds_is_waited_for() {
    let store = sqlite_store().await;
    let other = Journal::open(&store.url).await.unwrap();
    let held = other.begin().await.unwrap();
    let waiting = {
        let (journal, tenant) = (store.journal.clone(), store.tenant.clone());
        tokio::spawn(async move { journal.append(&tenant, &touches(1), &[], &[]).await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    drop(held);
    assert_eq!(waiting.await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn a_store_that_another_holds_too_long_is_said_to_be_locked() {
    let store = sqlite_store().await;
    let other = Journal::open(&store.url).await.unwrap();
    let _held = other.begin().await.unwrap();
    let told = store.journal.append(&store.tenant, &touches(1), &[], &[]).await;
    assert!(matches!(told, Err(JournalError::Locked { .. })), "{told:?}");
    assert_eq!(store.journal.hot_count(&store.tenant).await.unwrap(), 0, "reading goes on");
}

#[tokio::test]
async fn a_store_opened_to_read_refuses_to_write() {
    for store in stores().await {
        store.journal.append(&store.tenant, &touches(2), &[], &[]).await.unwrap();
        let reader = Journal::open_read_only(&store.url, Writers::MayBeAtWork).await.unwrap();
        assert_eq!(reader.hot_count(&store.tenant).await.unwrap(), 2);
        let told = reader.append(&store.tenant, &touches(3), &[], &[]).await;
        assert!(matches!(told, Err(JournalError::ReadOnly { .. })), "{told:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_and_a_file_that_is_no_store_are_told_apart() {
    let folder = Folder::new();
    let missing = Journal::open(&format!("sqlite:{}", folder.path().join("no/kith.db").display())).await;
    assert!(matches!(missing, Err(JournalError::CannotOpen { .. })), "{:?}", missing.err());
    let file = folder.path().join("letter.db");
    std::fs::write(&file, "Dear customer, ".repeat(1_000)).unwrap();
    let letter = Journal::open(&format!("sqlite:{}", file.display())).await;
    assert!(matches!(letter, Err(JournalError::Corrupt { .. })), "{:?}", letter.err());
    assert!(matches!(Journal::open("mysql://x:secret@y/z").await, Err(JournalError::Url(url)) if !url.contains("secret")));
}

#[tokio::test]
async fn a_copy_of_the_store_is_a_store() {
    let store = sqlite_store().await;
    store.journal.append(&store.tenant, &touches(5), &[], &[]).await.unwrap();
    let copy = store.folder.as_ref().unwrap().path().join("copy.db");
    store.journal.snapshot_copy(&copy).await.unwrap();
    let copy = Journal::open(&format!("sqlite:{}", copy.display())).await.unwrap();
    assert_eq!(copy.hot(&store.tenant).await.unwrap(), store.journal.hot(&store.tenant).await.unwrap());
}

#[tokio::test]
async fn many_writers_at_once_lose_nothing() {
    for store in stores().await {
        let other = Journal::open(&store.url).await.unwrap();
        let tasks = touches(40).into_iter().enumerate().map(|(n, touch)| {
            let (journal, tenant) = (if n % 2 == 0 { store.journal.clone() } else { other.clone() }, store.tenant.clone());
            tokio::spawn(async move { journal.append(&tenant, &[touch], &[], &[]).await.unwrap() })
        });
        for task in tasks.collect::<Vec<_>>() {
            assert_eq!(task.await.unwrap(), 1);
        }
        assert_eq!(store.journal.hot_count(&store.tenant).await.unwrap(), 40);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_over_in_mid_flight_leaves_all_or_nothing() {
    let Some(mut server) = PostgresServer::start() else { return };
    let store = testing::open(server.create_database(), None).await;
    assert_eq!(store.journal.engine(), Engine::Postgres);
    let all = touches(20_000);
    let writing = {
        let (journal, tenant, all) = (store.journal.clone(), store.tenant.clone(), all.clone());
        tokio::spawn(async move {
            for batch in all.chunks(500) {
                let done = journal.append(&tenant, batch, &[], &[]).await;
                done.map_err(|error| (batch.as_ptr() as usize, error))?;
            }
            Ok::<(), (usize, JournalError)>(())
        })
    };
    tokio::time::sleep(Duration::from_millis(150)).await;
    let mut server = tokio::task::spawn_blocking(move || {
        server.stop();
        server
    })
    .await
    .unwrap();
    let told = writing.await.unwrap();
    assert!(matches!(&told, Err((_, JournalError::Unreachable { .. }))), "{told:?}");
    let down = store.journal.hot_count(&store.tenant).await;
    assert!(matches!(down, Err(JournalError::Unreachable { .. })), "{down:?}");
    assert!(matches!(Journal::open(&store.url).await, Err(JournalError::Unreachable { .. })));
    let server = tokio::task::spawn_blocking(move || {
        server.go_on();
        server
    })
    .await
    .unwrap();
    let kept = store.journal.hot_count(&store.tenant).await.unwrap();
    assert_eq!(kept % 500, 0, "a batch is there wholly or not at all");
    assert_eq!(
        store.journal.append(&store.tenant, &all, &[], &[]).await.unwrap(),
        20_000 - kept,
        "doing it again brings the rest"
    );
    drop(server);
}

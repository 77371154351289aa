//! Stories that cross the files of this crate, each told on both engines.

use kith_core::{
    Channel, ContactProfile, Identity, IdentityId, IdentityKind, ImportId, Link, LinkBasis, Month, Record, RecordKind, TenantId,
    Touch, TouchId, TouchKind,
};

use crate::testing::{TestStore, at, stores};
use crate::{
    FileReplacement, HiddenChange, HotKey, ImportCommit, ImportCounts, ImportState, JournalError, NewFile, NewImport,
    StandingChange,
};

fn login(tenant: &TenantId, external: &str, name: &str) -> Identity {
    Identity::login(tenant, Channel::parse("shop").unwrap(), external).named(Some(name.to_owned()))
}

fn phone(tenant: &TenantId, number: &str) -> Identity {
    Identity::new(tenant, IdentityKind::Phone, None, number)
}

fn profile(identity: IdentityId, city: &str) -> Record {
    Record::Profile { identity, profile: ContactProfile { city: Some(city.into()), ..ContactProfile::default() } }
}

fn file(name: &str) -> NewFile {
    NewFile {
        path: format!("tea/202601/{name}.parquet"),
        month: Month(202_601),
        rows: 3,
        bytes: 1_000,
        digest: name.to_owned(),
        import: None,
        generation: 0,
        hidden: None,
        first_at: Some(at(0)),
        last_at: None,
        min_identity: IdentityId(1),
        max_identity: IdentityId(9),
    }
}

fn touch(tenant: &TenantId, own_id: &str, version: i64, text: &str) -> Touch {
    let id = TouchId::of(tenant, "shop", own_id);
    let channel = Channel::parse("shop").unwrap();
    let bare = Touch::new(id, IdentityId(7), Some(at(5)), TouchKind::Order, channel);
    Touch { version, text: Some(text.into()), order: Some(own_id.into()), value: Some(1_250), quantity: Some(0.1), ..bare }
}

async fn start(store: &TestStore, digest: &str) -> ImportId {
    let new = NewImport {
        tenant: store.tenant.clone(),
        file_name: "orders.csv".into(),
        file_digest: digest.into(),
        kind: "orders".into(),
        mapping_json: "{}".into(),
        as_of: None,
        started_at: at(0),
    };
    store.journal.start_import(&new).await.unwrap()
}

async fn commit<'a>(store: &'a TestStore, import: ImportId) -> ImportCommit<'a> {
    ImportCommit {
        import,
        tenant: &store.tenant,
        catalogue_version: store.journal.catalogue(&store.tenant).await.unwrap().version,
        counts: ImportCounts::default(),
        refused_path: None,
        files: &[],
        hidden: &[],
        identities: &[],
        links: &[],
        records: &[],
        order_numbers: &[],
        at: at(1),
    }
}

async fn stand(store: &TestStore, import: ImportId, stands: bool) -> Result<i64, JournalError> {
    let catalogue_version = store.journal.catalogue(&store.tenant).await.unwrap().version;
    let change = StandingChange { import, tenant: &store.tenant, stands, catalogue_version, hidden: &[], at: at(9), by: "owner" };
    store.journal.set_standing(&change).await
}

async fn found(store: &TestStore, query: &str) -> Vec<String> {
    store.journal.search(&store.tenant, query, 20).await.unwrap().into_iter().map(|hit| hit.text).collect()
}

#[tokio::test]
async fn what_an_import_brings_goes_with_it_and_comes_back_with_it() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let (one, two) = (start(&store, "a").await, start(&store, "b").await);
        assert_eq!((one, two), (ImportId(1), ImportId(2)));
        let (ming, hong) = (login(tenant, "u1", "王小明"), login(tenant, "u2", "李红"));
        let renamed = login(tenant, "u1", "Aming");
        let link = Link { one: ming.id, other: hong.id, basis: LinkBasis::Phone, import: ImportId(99) };
        let (old, new) = ((profile(ming.id, "Beijing"), 1), (profile(ming.id, "Shanghai"), 2));
        let first = ImportCommit {
            identities: std::slice::from_ref(&ming),
            records: std::slice::from_ref(&old),
            ..commit(&store, one).await
        };
        journal.commit_import(&first).await.unwrap();
        let counts = ImportCounts { rows: 5, touches: 3, duplicates: 1, refused: 1, passed_over: 1 };
        let both = [renamed.clone(), hong.clone(), hong.clone()];
        let second = ImportCommit {
            counts,
            refused_path: Some("refused/2.csv".into()),
            files: &[file("x")],
            identities: &both,
            links: std::slice::from_ref(&link),
            records: &[new.clone(), old.clone()],
            ..commit(&store, two).await
        };
        journal.commit_import(&second).await.unwrap();
        let seen = || async {
            let name = journal.identities(tenant, &[ming.id]).await.unwrap()[0].name.clone().unwrap();
            let records = journal.records(tenant, RecordKind::Profile).await.unwrap();
            (name, records, journal.links(tenant).await.unwrap().len(), journal.identity_count(tenant).await.unwrap())
        };
        let whole = ("Aming".to_owned(), vec![new.0.clone()], 1, 2);
        assert_eq!(seen().await, whole, "{}", store.url);
        assert_eq!(found(&store, "李红").await, ["李红"]);
        assert_eq!(journal.refused(tenant).await.unwrap()[0].counts, counts);

        stand(&store, two, false).await.unwrap();
        assert_eq!(seen().await, ("王小明".to_owned(), vec![old.0.clone()], 0, 1));
        assert!(found(&store, "李红").await.is_empty());
        assert!(journal.identities_of(tenant, IdentityKind::Login, "u2").await.unwrap().is_empty());
        assert!(matches!(stand(&store, two, false).await, Err(JournalError::ImportState { .. })), "undone once is enough");
        assert_eq!(journal.find_import_by_digest(tenant, "b").await.unwrap().unwrap().state, ImportState::Undone);

        stand(&store, two, true).await.unwrap();
        assert_eq!(seen().await, whole);
        assert_eq!(found(&store, "李红").await, ["李红"]);
        let events: Vec<String> = journal.import_events(two).await.unwrap().into_iter().map(|event| event.what).collect();
        assert_eq!(events, ["imported", "undone", "brought back"]);
        assert!(journal.integrity_check().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_import_whose_catalogue_moved_on_changes_nothing() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let (one, two) = (start(&store, "a").await, start(&store, "b").await);
        let ming = [login(tenant, "u1", "王小明")];
        let late = ImportCommit { identities: &ming, files: &[file("late")], ..commit(&store, two).await };
        journal.commit_import(&ImportCommit { files: &[file("early")], ..commit(&store, one).await }).await.unwrap();
        assert!(matches!(journal.commit_import(&late).await, Err(JournalError::Conflict { .. })));
        assert_eq!(journal.import(two).await.unwrap().unwrap().state, ImportState::Running);
        assert_eq!(journal.identity_count(tenant).await.unwrap(), 0);
        assert_eq!(journal.all_paths().await.unwrap(), ["tea/202601/early.parquet"]);
        let interrupted = journal.interrupted_imports(tenant, at(3)).await.unwrap();
        assert_eq!(interrupted.iter().map(|import| import.id).collect::<Vec<_>>(), [two]);
        assert_eq!(journal.import(two).await.unwrap().unwrap().state, ImportState::Interrupted);
        assert!(journal.interrupted_imports(tenant, at(4)).await.unwrap().is_empty());
        let three = start(&store, "c").await;
        journal.fail_import(three, "no such column", at(5)).await.unwrap();
        assert_eq!(journal.import(three).await.unwrap().unwrap().why.as_deref(), Some("no such column"));
    }
}

#[tokio::test]
async fn two_identities_with_one_number_are_refused_and_named() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let honest = login(tenant, "u1", "王小明");
        let forged = Identity { external: "u2".into(), ..honest.clone() };
        let one = start(&store, "a").await;
        journal
            .commit_import(&ImportCommit { identities: std::slice::from_ref(&honest), ..commit(&store, one).await })
            .await
            .unwrap();
        let two = start(&store, "b").await;
        let other = login(tenant, "u3", "李红");
        let clash =
            journal.commit_import(&ImportCommit { identities: &[other, forged.clone()], ..commit(&store, two).await }).await;
        let message = clash.as_ref().unwrap_err().to_string();
        assert!(matches!(clash, Err(JournalError::IdentityClash { .. })) && message.contains("login shop u2"), "{message}");
        let within = journal.append(tenant, &[], &[honest, forged], &[]).await;
        assert!(matches!(within, Err(JournalError::IdentityClash { .. })));
        assert_eq!(journal.identity_count(tenant).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn of_two_records_of_one_touch_the_higher_stays_whatever_comes_first() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let (old, new, same) = (touch(tenant, "1", 1, "old"), touch(tenant, "1", 2, "new"), touch(tenant, "1", 2, "newer"));
        let winner = if new.content_digest() > same.content_digest() { new.clone() } else { same.clone() };
        assert_eq!(journal.append(tenant, &[new.clone(), old.clone()], &[], &[]).await.unwrap(), 1);
        assert_eq!(journal.append(tenant, &[old.clone(), same.clone(), touch(tenant, "2", 0, "二")], &[], &[]).await.unwrap(), 1);
        assert_eq!(journal.append(tenant, &[new, old, same], &[], &[]).await.unwrap(), 0);
        let hot = journal.hot(tenant).await.unwrap();
        assert_eq!(hot.len(), 2);
        assert!(hot.contains(&winner), "{hot:?}");
        assert_eq!(journal.hot_of(tenant, &[IdentityId(7), IdentityId(8)]).await.unwrap(), hot);
        assert_eq!(journal.hot_count(tenant).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn compaction_forgets_exactly_the_touches_that_it_wrote() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let (one, two) = (touch(tenant, "1", 1, "a"), touch(tenant, "2", 1, "b"));
        journal.append(tenant, &[one.clone(), two.clone()], &[], &[]).await.unwrap();
        let keys = [HotKey::of(&one), HotKey::of(&two)];
        let better = touch(tenant, "2", 2, "better");
        journal.append(tenant, std::slice::from_ref(&better), &[], &[]).await.unwrap();
        let change = FileReplacement {
            tenant,
            catalogue_version: 0,
            out: &[],
            into: &[file("x"), file("y")],
            hidden: &[],
            delete_hot: &keys,
        };
        assert_eq!(journal.replace_files(&change).await.unwrap(), 1);
        assert_eq!(journal.hot(tenant).await.unwrap(), [better]);
        assert!(matches!(journal.replace_files(&change).await, Err(JournalError::Conflict { .. })));
        let catalogue = journal.catalogue(tenant).await.unwrap();
        let [x, y] = [catalogue.files[0].id, catalogue.files[1].id];
        assert_eq!(catalogue.files[0].file, file("x"));
        let hidden = [HiddenChange { file: y, hidden: Some(vec![1, 2, 3]) }];
        let change =
            FileReplacement { tenant, catalogue_version: 1, out: &[x], into: &[file("z")], hidden: &hidden, delete_hot: &[] };
        journal.replace_files(&change).await.unwrap();
        let catalogue = journal.catalogue(tenant).await.unwrap();
        assert_eq!(catalogue.files.iter().map(|file| file.digest.as_str()).collect::<Vec<_>>(), ["y", "z"]);
        assert_eq!(catalogue.files[0].hidden.as_deref(), Some(&[1, 2, 3][..]));
    }
}

#[tokio::test]
async fn contacts_are_found_by_name_handle_phone_mail_and_order_number() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let one = start(&store, "a").await;
        let mail = Identity::new(tenant, IdentityKind::Email, None, "mary.smith@example.com");
        let identities = [
            login(tenant, "milk_tea_lover", "王小明"),
            login(tenant, "8a7f", "小明王"),
            login(tenant, "8b", "O'Brien \"Tom\" São"),
            phone(tenant, "+8613800138000"),
            mail,
            Identity::new(tenant, IdentityKind::Device, Some(Channel::parse("web").unwrap()), "cookie-77"),
        ];
        let orders = [(identities[0].id, "SO-2026-0001".to_owned())];
        journal
            .commit_import(&ImportCommit { identities: &identities, order_numbers: &orders, ..commit(&store, one).await })
            .await
            .unwrap();
        for (query, expected) in [
            ("王小", vec!["王小明"]),
            ("明王", vec!["小明王"]),
            ("milk_te", vec!["milk_tea_lover"]),
            ("王小明 milk", vec!["王小明"]),
            ("8000", vec!["+8613800138000"]),
            ("138 0013 8000", vec!["+8613800138000"]),
            ("+86 138-0013-8000", vec!["+8613800138000"]),
            ("0138", vec!["+8613800138000"]),
            ("mary.smith@example.com", vec!["mary.smith@example.com"]),
            ("Smith", vec!["mary.smith@example.com"]),
            ("so-2026-0001", vec!["SO-2026-0001"]),
            ("2026-0001", vec!["SO-2026-0001"]),
            ("o'brien sao", vec!["O'Brien \"Tom\" São"]),
            ("cookie-77", vec!["cookie-77"]),
            ("明小", vec![]),
            ("' OR \"1\" & | ! *", vec![]),
            ("   ", vec![]),
        ] {
            assert_eq!(found(&store, query).await, expected, "{query} on {:?}", journal.engine());
        }
        assert_eq!(found(&store, "小明").await.len(), 2);
        assert_eq!(journal.search(tenant, "小明", 1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_comes_by_call_is_found_at_once_and_once() {
    for store in stores().await {
        let (journal, tenant) = (&store.journal, &store.tenant);
        let ming = login(tenant, "u1", "王小明");
        let order = Touch { identity: ming.id, ..touch(tenant, "A-77", 0, "x") };
        for _ in 0..2 {
            journal.append(tenant, std::slice::from_ref(&order), std::slice::from_ref(&ming), &[]).await.unwrap();
        }
        journal.index_contact_text(tenant, &[(ming.id, "老顾客".into())]).await.unwrap();
        for query in ["小明", "A-77", "顾客", "u1"] {
            assert_eq!(found(&store, query).await.len(), 1, "{query}");
        }
        let n = journal.pool().row("SELECT count(*) FROM contact_texts", vec![], |row| row.int(0)).await.unwrap();
        assert_eq!(n, Some(3));
        let link = Link { one: ming.id, other: IdentityId(4), basis: LinkBasis::Email, import: ImportId::BY_CALL };
        journal.link_add(tenant, &link).await.unwrap();
        journal.link_add(tenant, &link).await.unwrap();
        assert_eq!(journal.links(tenant).await.unwrap(), [link]);
        let (old, new) = (profile(ming.id, "Beijing"), profile(ming.id, "Shanghai"));
        journal.put_record(tenant, new.clone(), 2).await.unwrap();
        journal.put_record(tenant, old, 1).await.unwrap();
        assert_eq!(journal.records(tenant, RecordKind::Profile).await.unwrap(), [new]);
        assert!(journal.integrity_check().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_tenant_sees_nothing_of_another() {
    for store in stores().await {
        let journal = &store.journal;
        let other = crate::testing::tenant("coffee");
        journal.put_tenant(&other).await.unwrap();
        let ming = login(&store.tenant, "u1", "王小明");
        journal.append(&store.tenant, &[touch(&store.tenant, "1", 0, "x")], std::slice::from_ref(&ming), &[]).await.unwrap();
        assert!(journal.hot(&other.id).await.unwrap().is_empty());
        assert!(journal.search(&other.id, "小明", 5).await.unwrap().is_empty());
        assert!(journal.identities(&other.id, &[ming.id]).await.unwrap().is_empty());
        let nobody = crate::testing::tenant("nobody").id;
        assert!(matches!(journal.hot(&nobody).await, Err(JournalError::NotFound { .. })));
    }
}

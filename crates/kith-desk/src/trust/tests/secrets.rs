//! Secrets at rest, and the change of their keys under way.

use super::*;

fn secret(text: &str) -> Secret {
    Secret::new(text.as_bytes().to_vec())
}

async fn put_many(shop: &Shop, count: usize) {
    for n in 0..count {
        shop.trust.put_secret(&shop.store.tenant, &format!("webhook/{n}"), &secret(&format!("geheim {n}")), at(0)).await.unwrap();
    }
}

async fn all_open(trust: &Trust, tenant: &TenantId, count: usize) {
    for n in 0..count {
        let opened = trust.secret(tenant, &format!("webhook/{n}")).await.unwrap().unwrap();
        assert_eq!(opened, secret(&format!("geheim {n}")));
    }
}

fn keys_in_file(shop: &Shop) -> usize {
    let text = std::fs::read_to_string(shop.keys.path().join("keys")).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).count()
}

#[tokio::test]
async fn a_secret_is_read_back_by_its_name_and_does_not_lie_open_on_the_disk() {
    for shop in shops().await {
        let tenant = &shop.store.tenant;
        assert!(!shop.keys.path().join("keys").exists(), "without a secret there is no key");
        shop.trust.put_secret(tenant, "weibo", &secret("first-weibo-token"), at(0)).await.unwrap();
        shop.trust.put_secret(tenant, "weibo", &secret("second-weibo-token"), at(1)).await.unwrap();
        assert_eq!(shop.trust.secret(tenant, "weibo").await.unwrap(), Some(secret("second-weibo-token")));
        assert_eq!(
            another_process(&shop.store, &shop.keys, 2).secret(tenant, "weibo").await.unwrap(),
            Some(secret("second-weibo-token"))
        );
        assert_eq!(shop.trust.secret(tenant, "wechat").await.unwrap(), None);
        if let Some(folder) = &shop.store.folder {
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                for plain in [&b"weibo-token"[..], PASSWORD.as_bytes(), shop.owner.cookie.show().as_bytes()] {
                    assert!(!bytes.windows(plain.len()).any(|window| window == plain));
                }
            }
        }
        shop.trust.delete_secret(tenant, "weibo").await.unwrap();
        assert_eq!(shop.trust.secret(tenant, "weibo").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_store_whose_keys_are_gone_says_so_and_the_doctor_too() {
    for shop in shops().await {
        put_many(&shop, 2).await;
        let elsewhere = tempfile::tempdir().unwrap();
        let stranger = another_process(&shop.store, &elsewhere, 3);
        let told = stranger.secret(&shop.store.tenant, "webhook/0").await;
        assert!(matches!(told, Err(TrustError::Key(KeyError::Missing { .. }))), "{told:?}");
        let told = stranger.put_secret(&shop.store.tenant, "webhook/0", &secret("x"), at(1)).await;
        assert!(matches!(told, Err(TrustError::Key(KeyError::Missing { .. }))), "nothing is sealed with a key of one's own");
        let findings = stranger.examine().await.unwrap();
        assert_eq!(findings.iter().filter(|finding| !finding.sound).count(), 2);
        assert!(shop.trust.examine().await.unwrap().iter().all(|finding| finding.sound));
    }
}

#[tokio::test]
async fn keys_change_while_a_server_runs() {
    for shop in shops().await {
        put_many(&shop, 5).await;
        let server = another_process(&shop.store, &shop.keys, 4);
        all_open(&server, &shop.store.tenant, 5).await;
        let first = shop.trust.rotate_key(&Who::Terminal("mei".into()), at(1)).await.unwrap();
        assert_eq!((first.renewed, first.retired.len(), keys_in_file(&shop)), (5, 1, 1));
        // The server knows the old key only, and finds the new one.
        all_open(&server, &shop.store.tenant, 5).await;
        server.put_secret(&shop.store.tenant, "webhook/5", &secret("geheim 5"), at(2)).await.unwrap();
        let second = shop.trust.rotate_key(&Who::Terminal("mei".into()), at(3)).await.unwrap();
        assert_eq!((second.renewed, second.retired), (6, vec![first.key]));
        // Now it seals first: what it would seal with the retired key is refused and sealed again.
        server.put_secret(&shop.store.tenant, "webhook/6", &secret("geheim 6"), at(4)).await.unwrap();
        all_open(&shop.trust, &shop.store.tenant, 7).await;
        let counts = shop.store.journal.secret_counts().await.unwrap();
        assert_eq!(counts, [(second.key, 7)]);
    }
}

#[tokio::test]
async fn a_second_factor_works_on_after_the_keys_have_changed() {
    for shop in shops().await {
        let enrolment = shop.trust.begin_totp(&shop.owner.session, PASSWORD, at(0)).await.unwrap();
        shop.trust.rotate_key(&Who::Terminal("mei".into()), at(1)).await.unwrap();
        let authenticator = totp_rs::TOTP::from_url(enrolment.url.show()).unwrap();
        let code = |now: Instant| authenticator.generate(u64::try_from(now.micros() / 1_000_000).unwrap());
        shop.trust.confirm_totp(&shop.owner.session, &code(at(2)), &here(), at(2)).await.unwrap();
        shop.trust.rotate_key(&Who::Terminal("mei".into()), at(3)).await.unwrap();
        let SignIn::SecondFactor { ticket, .. } =
            shop.trust.sign_in(credentials("owner", PASSWORD), &here(), at(60)).await.unwrap()
        else {
            panic!("a second factor is asked for")
        };
        shop.trust.second_factor(ticket.show(), &code(at(60)), None, &here(), at(60)).await.unwrap();
    }
}

/// Stopped at any instant, as a killed process is: every secret can be opened, and the next try brings it to its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_keys_that_is_stopped_at_any_instant_loses_nothing() {
    for shop in shops().await {
        put_many(&shop, 60).await;
        let mut stopped = 0;
        for pause_us in [0, 200, 1_000, 3_000, 5_000, 10_000, 20_000, 40_000] {
            let changing = {
                let trust = another_process(&shop.store, &shop.keys, 10 + pause_us);
                tokio::spawn(async move { trust.rotate_key(&Who::Kith, at(1)).await.map(drop) })
            };
            tokio::time::sleep(std::time::Duration::from_micros(pause_us)).await;
            changing.abort();
            match changing.await {
                Ok(done) => done.unwrap(),
                Err(_) => stopped += 1,
            }
            all_open(&another_process(&shop.store, &shop.keys, 99), &shop.store.tenant, 60).await;
        }
        assert!(stopped > 0, "every change was faster than the hand that stops it");
        let last = shop.trust.rotate_key(&Who::Kith, at(2)).await.unwrap();
        assert_eq!(shop.store.journal.secret_counts().await.unwrap(), [(last.key, 60)]);
        assert_eq!(keys_in_file(&shop), 1);
        all_open(&another_process(&shop.store, &shop.keys, 100), &shop.store.tenant, 60).await;
    }
}

#[tokio::test]
async fn keys_from_the_environment_leave_nothing_in_the_folder() {
    for shop in shops().await {
        let random = Randomness::seeded(50);
        let line = |trust: &Trust| trust.new_key_line().show().to_owned();
        let (one, two) = (line(&shop.trust), line(&shop.trust));
        let with = |keys: &str| Trust::over(&shop.store.journal, shop.keys.path(), Some(keys), random.clone(), rules()).unwrap();
        let tenant = &shop.store.tenant;
        with(&one).put_secret(tenant, "weibo", &secret("geheim"), at(0)).await.unwrap();
        assert!(matches!(with(&one).rotate_key(&Who::Kith, at(1)).await, Err(TrustError::Key(KeyError::SameKey))));
        let both = format!("{two},{one}");
        let rotation = with(&both).rotate_key(&Who::Kith, at(2)).await.unwrap();
        assert_eq!((rotation.renewed, rotation.retired.len()), (1, 1));
        assert_eq!(with(&two).secret(tenant, "weibo").await.unwrap(), Some(secret("geheim")));
        assert!(with(&one).secret(tenant, "weibo").await.is_err());
        assert_eq!(std::fs::read_dir(shop.keys.path()).unwrap().count(), 0);
    }
}

//! A request that comes twice is done once.

use super::*;

fn request<'a>(key: &'a str, path: &'a str, body: u8) -> Request<'a> {
    Request { key, method: "POST", path, body_digest: [body; 32] }
}

fn answer(body: &str) -> StoredAnswer {
    StoredAnswer { status: 201, content_type: "application/json".into(), body: body.as_bytes().to_vec() }
}

fn fresh(claim: Claim) -> Ticket {
    match claim {
        Claim::Fresh(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_second_time_the_first_answer_is_given_and_another_request_is_refused() {
    for shop in shops().await {
        let boss = shop.boss().await;
        let claim =
            async |key: &str, path: &str, body, second| shop.trust.claim(&boss, &request(key, path, body), at(second)).await;
        let ticket = fresh(claim("key-0001", "/imports", 1, 0).await.unwrap());
        assert!(matches!(claim("key-0001", "/imports", 1, 1).await.unwrap(), Claim::InProgress));
        assert!(matches!(claim("key-0001", "/imports", 2, 1).await.unwrap(), Claim::OtherRequest));
        assert!(matches!(claim("key-0001", "/exports", 1, 1).await.unwrap(), Claim::OtherRequest));
        shop.trust.finish(ticket, &answer("{\"import\":7}")).await.unwrap();
        let Claim::Done(again) = claim("key-0001", "/imports", 1, 2).await.unwrap() else { panic!("it was done") };
        assert_eq!(again, answer("{\"import\":7}"));
        assert!(matches!(claim("key-0001", "/imports", 2, 3).await.unwrap(), Claim::OtherRequest));
        // A day later the key means nothing any more.
        let _ = fresh(claim("key-0001", "/exports", 2, 86_400).await.unwrap());
        for wrong in ["short", "", "with a blank", "mit-ümlaut", &"x".repeat(201)] {
            assert!(matches!(claim(wrong, "/imports", 1, 4).await, Err(TrustError::Invalid { .. })), "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_key_is_its_caller_s_own() {
    for shop in shops().await {
        let (_, neighbour) = shop.neighbour().await;
        let (boss, stranger) = (shop.boss().await, shop.caller(&neighbour).await);
        let ming = shop.caller(&shop.hire("ming", Role::Manager, at(0)).await).await;
        for caller in [&boss, &stranger, &ming] {
            let _ = fresh(shop.trust.claim(caller, &request("key-0001", "/imports", 1), at(1)).await.unwrap());
        }
    }
}

#[tokio::test]
async fn what_was_given_back_or_lost_may_be_done_again() {
    for shop in shops().await {
        let boss = shop.boss().await;
        let claim =
            async |trust: &Trust, second| trust.claim(&boss, &request("key-0001", "/imports", 1), at(second)).await.unwrap();
        shop.trust.release(fresh(claim(&shop.trust, 0).await)).await.unwrap();
        let lost = fresh(claim(&shop.trust, 1).await);
        assert!(matches!(claim(&shop.trust, 15 * 60).await, Claim::InProgress));
        let taken = fresh(claim(&shop.trust, 15 * 60 + 2).await);
        // The one who lost it comes late: the answer of the other holds.
        shop.trust.finish(lost, &answer("late")).await.unwrap();
        assert!(matches!(claim(&shop.trust, 15 * 60 + 3).await, Claim::InProgress));
        shop.trust.finish(taken, &answer("holds")).await.unwrap();
        let Claim::Done(kept) = claim(&shop.trust, 15 * 60 + 4).await else { panic!("it was done") };
        assert_eq!(kept, answer("holds"));
    }
}

#[tokio::test]
async fn claims_of_a_process_that_was_killed_are_free_at_the_next_start() {
    for shop in shops().await {
        let boss = shop.boss().await;
        let request = request("key-0001", "/imports", 1);
        let other = Request { key: "key-0002", ..request };
        let _killed = fresh(shop.trust.claim(&boss, &request, at(0)).await.unwrap());
        shop.trust.finish(fresh(shop.trust.claim(&boss, &other, at(0)).await.unwrap()), &answer("kept")).await.unwrap();
        let restarted = another_process(&shop.store, &shop.keys, 2);
        assert!(matches!(restarted.claim(&boss, &request, at(1)).await.unwrap(), Claim::InProgress));
        restarted.begin_serving(at(2)).await.unwrap();
        let ticket = fresh(restarted.claim(&boss, &request, at(3)).await.unwrap());
        restarted.begin_serving(at(4)).await.unwrap();
        assert!(matches!(restarted.claim(&boss, &request, at(5)).await.unwrap(), Claim::InProgress), "its own stay");
        restarted.finish(ticket, &answer("done")).await.unwrap();
        assert!(matches!(restarted.claim(&boss, &other, at(6)).await.unwrap(), Claim::Done(_)), "answers stay");
    }
}

#[tokio::test]
async fn of_twenty_at_once_one_does_it() {
    for shop in shops().await {
        let boss = shop.boss().await;
        let tries = (0..20).map(|_| {
            let (trust, boss) = (shop.trust.clone(), boss.clone());
            tokio::spawn(async move { trust.claim(&boss, &request("key-0001", "/imports", 1), at(0)).await.unwrap() })
        });
        let mut firsts = 0;
        for one in tries.collect::<Vec<_>>() {
            match one.await.unwrap() {
                Claim::Fresh(_) => firsts += 1,
                Claim::InProgress => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(firsts, 1, "{}", shop.store.url);
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_kept() {
    let shop = shop(testing::sqlite_store().await).await;
    let boss = shop.boss().await;
    let ticket = fresh(shop.trust.claim(&boss, &request("key-0001", "/exports", 1), at(0)).await.unwrap());
    shop.trust.finish(ticket, &answer(&"x".repeat(2 * 1024 * 1024))).await.unwrap();
    let _ = fresh(shop.trust.claim(&boss, &request("key-0001", "/exports", 1), at(1)).await.unwrap());
}

//! Coming in: the first time, with a wrong password, with guesses, with a second factor; and being seen and sent away.

use super::*;

#[tokio::test]
async fn a_fresh_store_has_one_owner_whose_password_is_for_the_first_time_only() {
    for store in testing::stores().await {
        let keys = tempfile::tempdir().unwrap();
        let trust = another_process(&store, &keys, 1);
        let first = trust.begin_serving(at(0)).await.unwrap().unwrap();
        assert!(trust.begin_serving(at(1)).await.unwrap().is_none(), "it is said once");
        assert!(!format!("{first:?}").contains(first.password.show()));
        let once = first.password.show();
        let signed_in = done(trust.sign_in(credentials(" OWNER", once), &here(), at(2)).await.unwrap());
        assert!(signed_in.session.must_change_password());
        let caller = trust.caller(&signed_in.session, None, &here()).await;
        assert!(matches!(caller, Err(TrustError::MustChangePassword)), "{caller:?}");
        let weak = trust.change_password(&signed_in.session, once, "1234567890", &here(), at(3)).await;
        assert!(matches!(weak, Err(TrustError::Password(PasswordError::Common))));
        let same = trust.change_password(&signed_in.session, once, once, &here(), at(3)).await;
        assert!(matches!(same, Err(TrustError::Invalid { .. })), "the first password is no password of one's own");
        let own = trust.change_password(&signed_in.session, once, PASSWORD, &here(), at(3)).await.unwrap();
        let caller = trust.caller(&own.session, None, &here()).await.unwrap();
        assert_eq!((caller.tenant, caller.role), (store.tenant.clone(), Some(Role::Owner)));
        assert!(caller.permissions.contains(Permission::ManageStore), "the first owner is an operator");
        let again = trust.sign_in(credentials("owner", once), &here(), at(4)).await;
        assert!(matches!(again, Err(TrustError::WrongCredentials)));
    }
}

#[tokio::test]
async fn a_tenant_that_comes_later_is_the_only_user_s() {
    for shop in shops().await {
        shop.store.journal.put_tenant(&testing::tenant("bakery")).await.unwrap();
        shop.trust.begin_serving(at(9)).await.unwrap();
        let owner = shop.owner.session.user.id;
        assert_eq!(shop.trust.memberships(owner).await.unwrap().len(), 2);
        shop.hire("ming", Role::Analyst, at(10)).await;
        shop.store.journal.put_tenant(&testing::tenant("books")).await.unwrap();
        shop.trust.begin_serving(at(11)).await.unwrap();
        assert_eq!(shop.trust.memberships(owner).await.unwrap().len(), 2, "with two users nobody guesses whose it is");
    }
}

#[tokio::test]
async fn an_unknown_login_a_wrong_password_and_a_disabled_user_get_the_same_answer() {
    for shop in shops().await {
        let ming = shop.hire("ming", Role::Agent, at(0)).await;
        shop.trust.set_disabled(&shop.boss().await, ming.session.user.id, true, at(1)).await.unwrap();
        for (login, password) in [("nobody", PASSWORD), ("owner", "wrong horse battery"), ("ming", PASSWORD), ("\u{0}", "x")] {
            let answer = shop.trust.sign_in(credentials(login, password), &here(), at(2)).await.unwrap_err();
            assert_eq!(answer.to_string(), TrustError::WrongCredentials.to_string(), "{login}");
        }
        let session = shop.trust.session(ming.cookie.show(), &here(), at(3)).await;
        assert!(matches!(session, Err(TrustError::NotSignedIn)), "whoever is disabled is out at once");
        shop.trust.set_disabled(&shop.boss().await, ming.session.user.id, false, at(4)).await.unwrap();
        done(shop.trust.sign_in(credentials("ming", PASSWORD), &here(), at(5)).await.unwrap());
        let refused = shop.actions().await.into_iter().filter(|action| *action == AuditAction::SignInRefused).count();
        assert_eq!(refused, 2, "the owner's and ming's; nobody's stand in the log of the store");
        let of_store = shop.trust.audit_log_of_store(&AuditAsk { limit: 10, ..AuditAsk::default() }).await.unwrap();
        let refused = of_store.entries.iter().filter(|entry| entry.action == AuditAction::SignInRefused).count();
        assert_eq!(refused, 2);
    }
}

#[tokio::test]
async fn a_stranger_who_guesses_has_to_wait_and_the_owner_at_their_own_browser_does_not() {
    for shop in shops().await {
        let stranger = from("203.0.113.9");
        let mut told = 0;
        for second in 0..200 {
            match shop.trust.sign_in(credentials("owner", "a guess or two"), &stranger, at(100 + second)).await {
                Err(TrustError::WrongCredentials) => {}
                Err(TrustError::TooManyAttempts { wait_s }) if wait_s > 0 => told += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(told > 180, "{told}");
        // The right password from an unknown browser waits too: else a guess that is right would be told from one that is not.
        let elsewhere = shop.trust.sign_in(credentials("owner", PASSWORD), &from("198.51.100.3"), at(301)).await;
        let Err(TrustError::TooManyAttempts { wait_s }) = elsewhere else { panic!("{elsewhere:?}") };
        assert!(wait_s <= 900);
        let known = Credentials { device: Some(shop.owner.device.show()), ..credentials("owner", PASSWORD) };
        done(shop.trust.sign_in(known, &from("198.51.100.3"), at(301)).await.unwrap());
        // After the wait any browser may try again.
        let made_up = Credentials { device: Some("made up"), ..credentials("owner", PASSWORD) };
        let wait = i64::try_from(wait_s).unwrap();
        done(shop.trust.sign_in(made_up, &from("198.51.100.3"), at(302 + wait)).await.unwrap());
    }
}

#[tokio::test]
async fn attempts_outlive_a_restart_and_the_terminal_opens_again() {
    for shop in shops().await {
        for second in 0..20 {
            let _ = shop.trust.sign_in(credentials("owner", "a guess or two"), &here(), at(100 + second)).await;
        }
        let restarted = another_process(&shop.store, &shop.keys, 2);
        let waits = restarted.sign_in(credentials("owner", PASSWORD), &from("198.51.100.3"), at(120)).await;
        assert!(matches!(waits, Err(TrustError::TooManyAttempts { .. })), "{waits:?}");
        let terminal = Caller::terminal(shop.store.tenant.clone(), "mei");
        let once = restarted.set_one_time_password(&terminal, shop.owner.session.user.id, at(121)).await.unwrap();
        let signed_in = done(restarted.sign_in(credentials("owner", once.show()), &from("198.51.100.3"), at(122)).await.unwrap());
        assert!(signed_in.session.must_change_password());
        let old = restarted.session(shop.owner.cookie.show(), &here(), at(123)).await;
        assert!(matches!(old, Err(TrustError::NotSignedIn)), "all sessions ended");
    }
}

#[tokio::test]
async fn forty_guesses_at_once_are_forty() {
    for shop in shops().await {
        let guesses = (0..40).map(|_| {
            let trust = shop.trust.clone();
            tokio::spawn(async move { trust.sign_in(credentials("owner", "a guess or two"), &here(), at(100)).await })
        });
        let mut looked_at = 0;
        for guess in guesses.collect::<Vec<_>>() {
            match guess.await.unwrap() {
                Err(TrustError::WrongCredentials) => looked_at += 1,
                Err(TrustError::TooManyAttempts { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(looked_at, rules().account.free + 1, "{}", shop.store.url);
    }
}

#[tokio::test]
async fn a_session_ends_without_use_and_after_its_days_in_any_case() {
    for shop in shops().await {
        let cookie = shop.owner.cookie.show();
        let hour = 3_600;
        for hours in [70, 140, 210] {
            let session = shop.trust.session(cookie, &from("198.51.100.7"), at(hours * hour)).await.unwrap();
            assert_eq!((session.last_seen_at, session.address.as_str()), (at(hours * hour), "198.51.100.7"));
        }
        let idle = shop.trust.session(cookie, &here(), at((210 + 72) * hour)).await;
        assert!(matches!(idle, Err(TrustError::NotSignedIn)));
        let busy = done(shop.trust.sign_in(credentials("owner", PASSWORD), &here(), at(300 * hour)).await.unwrap());
        for hours in (300..300 + 30 * 24).step_by(24) {
            shop.trust.session(busy.cookie.show(), &here(), at(hours * hour)).await.unwrap();
        }
        let over = shop.trust.session(busy.cookie.show(), &here(), at((300 + 30 * 24) * hour)).await;
        assert!(matches!(over, Err(TrustError::NotSignedIn)));
    }
}

#[tokio::test]
async fn sessions_are_seen_and_ended_one_by_one_or_all_others() {
    for shop in shops().await {
        let sign_in = async |second| done(shop.trust.sign_in(credentials("owner", PASSWORD), &here(), at(second)).await.unwrap());
        let (phone, desk, cafe) = (sign_in(10).await, sign_in(20).await, sign_in(30).await);
        let ming = shop.hire("ming", Role::Agent, at(40)).await;
        let list = shop.trust.sessions(&desk.session, at(50)).await.unwrap();
        assert_eq!(list.len(), 4);
        assert_eq!(list.iter().filter(|info| info.current).map(|info| &info.id).collect::<Vec<_>>(), [&desk.session.id]);
        shop.trust.end_session(&desk.session, &cafe.session.id, &here(), at(51)).await.unwrap();
        assert!(shop.trust.session(cafe.cookie.show(), &here(), at(52)).await.is_err());
        let not_mine = shop.trust.end_session(&desk.session, &ming.session.id, &here(), at(53)).await;
        assert!(matches!(not_mine, Err(TrustError::NotFound { .. })), "{not_mine:?}");
        assert_eq!(shop.trust.end_other_sessions(&desk.session, &here(), at(54)).await.unwrap(), 2);
        assert!(shop.trust.session(phone.cookie.show(), &here(), at(55)).await.is_err());
        assert!(shop.trust.session(desk.cookie.show(), &here(), at(55)).await.is_ok());
        assert!(shop.trust.session(ming.cookie.show(), &here(), at(55)).await.is_ok());
        shop.trust.sign_out(&desk.session, &here(), at(56)).await.unwrap();
        assert!(shop.trust.session(desk.cookie.show(), &here(), at(57)).await.is_err());
    }
}

#[tokio::test]
async fn a_new_password_gives_a_new_cookie_and_ends_every_other_session() {
    for shop in shops().await {
        let other = done(shop.trust.sign_in(credentials("owner", PASSWORD), &here(), at(10)).await.unwrap());
        let wrong = shop.trust.change_password(&other.session, "not the old one", "another good one", &here(), at(11)).await;
        assert!(matches!(wrong, Err(TrustError::WrongCredentials)));
        let new = shop.trust.change_password(&other.session, PASSWORD, "another good one", &here(), at(12)).await.unwrap();
        for ended in [&other, &shop.owner] {
            assert!(shop.trust.session(ended.cookie.show(), &here(), at(13)).await.is_err());
        }
        assert!(new.session.csrf != other.session.csrf && new.cookie != other.cookie);
        shop.trust.session(new.cookie.show(), &here(), at(13)).await.unwrap();
        let guesses =
            async |second| shop.trust.change_password(&new.session, "a guess", "another good two", &here(), at(second)).await;
        for second in 0..6 {
            assert!(matches!(guesses(20 + second).await, Err(TrustError::WrongCredentials)));
        }
        assert!(matches!(guesses(26).await, Err(TrustError::TooManyAttempts { .. })), "a stolen session guesses slowly");
    }
}

#[tokio::test]
async fn what_opens_one_door_opens_no_other() {
    let shop = shop(testing::sqlite_store().await).await;
    let cookie = shop.owner.cookie.show();
    assert!(shop.trust.token_caller(&format!("kith_{cookie}"), &here(), at(1)).await.is_err());
    assert!(shop.trust.look_at_invitation(cookie, at(1)).await.is_err());
    assert!(shop.trust.look_at_reset_link(cookie, at(1)).await.is_err());
    assert!(matches!(shop.trust.second_factor(cookie, "123456", None, &here(), at(1)).await, Err(TrustError::TicketExpired)));
    assert!(shop.trust.session(shop.owner.device.show(), &here(), at(1)).await.is_err());
    assert!(shop.trust.session(&shop.owner.session.id, &here(), at(1)).await.is_err());
    assert!(shop.owner.session.check_csrf(&shop.owner.session.csrf).is_ok());
    for wrong in ["", cookie, &shop.owner.session.csrf[1..]] {
        assert!(matches!(shop.owner.session.check_csrf(wrong), Err(TrustError::Csrf)));
    }
}

/// The code that an authenticator shows.
fn code(enrolment: &TotpEnrolment, now: Instant) -> String {
    let authenticator = totp_rs::TOTP::from_url(enrolment.url.show()).unwrap();
    authenticator.generate(u64::try_from(now.micros() / 1_000_000).unwrap())
}

async fn enrol(shop: &Shop, now: Instant) -> (TotpEnrolment, Vec<SecretText>) {
    let session = &shop.owner.session;
    let enrolment = shop.trust.begin_totp(session, PASSWORD, now).await.unwrap();
    let codes = shop.trust.confirm_totp(session, &code(&enrolment, now), &here(), now).await.unwrap();
    (enrolment, codes)
}

async fn ticket(shop: &Shop, now: Instant) -> SecretText {
    match shop.trust.sign_in(credentials("owner", PASSWORD), &here(), now).await.unwrap() {
        SignIn::SecondFactor { ticket, ways } => {
            assert_eq!(ways[0], SecondWay::Totp);
            ticket
        }
        SignIn::Done(_) => panic!("no second factor was asked for"),
    }
}

#[tokio::test]
async fn a_code_of_the_authenticator_lets_in_once() {
    for shop in shops().await {
        let enrolment = shop.trust.begin_totp(&shop.owner.session, PASSWORD, at(0)).await.unwrap();
        assert!(enrolment.url.show().starts_with("otpauth://totp/Kith:owner?"), "{}", enrolment.url.show());
        let wrong = shop.trust.confirm_totp(&shop.owner.session, "000000", &here(), at(0)).await;
        assert!(matches!(wrong, Err(TrustError::WrongCode)));
        done(shop.trust.sign_in(credentials("owner", PASSWORD), &here(), at(0)).await.unwrap());
        let (enrolment, _) = enrol(&shop, at(0)).await;
        assert!(matches!(shop.trust.begin_totp(&shop.owner.session, PASSWORD, at(1)).await, Err(TrustError::Exists { .. })));

        let waiting = ticket(&shop, at(60)).await;
        let sign_in = async |ticket: &SecretText, code: &str, second| {
            shop.trust.second_factor(ticket.show(), code, None, &here(), at(second)).await
        };
        assert!(matches!(sign_in(&waiting, "123456", 61).await, Err(TrustError::WrongCode)));
        let now = code(&enrolment, at(61));
        let spaced = format!("{} {}", &now[..3], &now[3..]);
        let signed_in = sign_in(&waiting, &spaced, 61).await.unwrap();
        shop.trust.session(signed_in.cookie.show(), &here(), at(62)).await.unwrap();
        assert!(matches!(sign_in(&waiting, &now, 62).await, Err(TrustError::TicketExpired)), "a ticket is good once");
        let again = ticket(&shop, at(63)).await;
        assert!(matches!(sign_in(&again, &now, 63).await, Err(TrustError::WrongCode)), "so is a code");
        let next = code(&enrolment, at(95));
        sign_in(&again, &next, 95).await.unwrap();
        let slow = ticket(&shop, at(200)).await;
        assert!(matches!(sign_in(&slow, &code(&enrolment, at(501)), 501).await, Err(TrustError::TicketExpired)));
        let state = shop.trust.second_factor_state(shop.owner.session.user.id).await.unwrap();
        assert_eq!(state, SecondFactorState { totp: true, recovery_codes_left: 10 });
    }
}

#[tokio::test]
async fn of_two_who_type_the_same_code_at_once_one_comes_in() {
    for shop in shops().await {
        let (enrolment, codes) = enrol(&shop, at(0)).await;
        for (second, typed) in [(100, code(&enrolment, at(100))), (200, codes[0].show().to_owned())] {
            let (one, other) = (ticket(&shop, at(second)).await, ticket(&shop, at(second)).await);
            let origin = here();
            let (one, other) = tokio::join!(
                shop.trust.second_factor(one.show(), &typed, None, &origin, at(second)),
                shop.trust.second_factor(other.show(), &typed, None, &origin, at(second)),
            );
            let in_or_not = [one, other].map(|answer| match answer {
                Ok(_) => true,
                Err(TrustError::WrongCode) => false,
                Err(other) => panic!("{other:?}"),
            });
            assert_eq!(in_or_not.iter().filter(|is_in| **is_in).count(), 1, "{}", shop.store.url);
        }
    }
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_new_ones_make_the_old_worthless() {
    for shop in shops().await {
        let (_, codes) = enrol(&shop, at(0)).await;
        let sign_in = async |typed: &str, second| {
            let ticket = ticket(&shop, at(second)).await;
            shop.trust.second_factor(ticket.show(), typed, None, &here(), at(second)).await
        };
        sign_in(&codes[3].show().to_uppercase(), 100).await.unwrap();
        assert!(matches!(sign_in(codes[3].show(), 200).await, Err(TrustError::WrongCode)));
        let session = &shop.owner.session;
        let renewed = shop.trust.renew_recovery_codes(session, PASSWORD, &here(), at(300)).await.unwrap();
        assert!(matches!(sign_in(codes[4].show(), 400).await, Err(TrustError::WrongCode)));
        sign_in(renewed[0].show(), 500).await.unwrap();
        assert_eq!(shop.trust.second_factor_state(session.user.id).await.unwrap().recovery_codes_left, 9);
        assert!(shop.trust.remove_totp(session, "a guess", &here(), at(600)).await.is_err());
        shop.trust.remove_totp(session, PASSWORD, &here(), at(601)).await.unwrap();
        done(shop.trust.sign_in(credentials("owner", PASSWORD), &here(), at(602)).await.unwrap());
        let actions = shop.actions().await;
        for action in [AuditAction::SecondFactorAdded, AuditAction::RecoveryCodesRenewed, AuditAction::SecondFactorRemoved] {
            assert_eq!(actions.iter().filter(|found| **found == action).count(), 1, "{action:?}");
        }
    }
}

#[tokio::test]
async fn guesses_of_the_code_have_to_wait() {
    for shop in shops().await {
        enrol(&shop, at(0)).await;
        let waiting = ticket(&shop, at(100)).await;
        let mut told = 0;
        for second in 0..60 {
            let guess = format!("{second:06}");
            match shop.trust.second_factor(waiting.show(), &guess, None, &from("203.0.113.4"), at(100 + second)).await {
                Err(TrustError::WrongCode) => {}
                Err(TrustError::TooManyAttempts { .. }) => told += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(told > 45, "{told}");
    }
}

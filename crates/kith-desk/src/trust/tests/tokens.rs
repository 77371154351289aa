//! Tokens for programs: never more than their maker may do, and nothing once they are revoked.

use proptest::prelude::*;

use super::*;

fn new(name: &str, scopes: &[Permission], ends_at: Option<Instant>) -> NewToken {
    NewToken { name: name.into(), scopes: Permissions::of(scopes), ends_at }
}

#[tokio::test]
async fn a_token_does_what_it_was_made_for_and_no_more() {
    for shop in shops().await {
        let boss = shop.boss().await;
        let (token, text) = shop.trust.make_token(&boss, &new("till", &[Permission::WriteTouches], None), at(0)).await.unwrap();
        assert!(text.show().starts_with("kith_") && text.show().len() == 48, "{}", text.show());
        let caller = shop.trust.token_caller(text.show(), &here(), at(1)).await.unwrap();
        assert_eq!(caller.permissions, Permissions::of(&[Permission::WriteTouches]));
        assert_eq!((caller.tenant.clone(), caller.who.to_string()), (boss.tenant.clone(), format!("token:{}", token.id)));
        assert_eq!(shop.trust.tokens(&boss).await.unwrap()[0].last_used_at, Some(at(1)));
        shop.trust.token_caller(text.show(), &here(), at(30)).await.unwrap();
        assert_eq!(shop.trust.tokens(&boss).await.unwrap()[0].last_used_at, Some(at(1)), "once a minute is enough");

        shop.trust.revoke_token(&boss, &token.id, at(31)).await.unwrap();
        assert!(matches!(shop.trust.token_caller(text.show(), &here(), at(31)).await, Err(TrustError::BadToken)));
        assert!(matches!(shop.trust.revoke_token(&boss, &token.id, at(32)).await, Err(TrustError::NotFound { .. })));
        let (_, short) =
            shop.trust.make_token(&boss, &new("short", &[Permission::ReadFigures], Some(at(100))), at(33)).await.unwrap();
        assert!(shop.trust.token_caller(short.show(), &here(), at(99)).await.is_ok());
        assert!(shop.trust.token_caller(short.show(), &here(), at(100)).await.is_err());
        for wrong in ["", "kith_", "Bearer", &text.show()[..47], &"kith_".repeat(100)] {
            assert!(matches!(shop.trust.token_caller(wrong, &here(), at(34)).await, Err(TrustError::BadToken)));
        }
    }
}

#[tokio::test]
async fn nobody_makes_a_token_that_may_do_more_than_they() {
    for shop in shops().await {
        let manager = shop.caller(&shop.hire("manager", Role::Manager, at(0)).await).await;
        let more = shop.trust.make_token(&manager, &new("x", &[Permission::ErasePerson], None), at(1)).await;
        assert!(matches!(more, Err(TrustError::Forbidden { permission: Permission::ErasePerson })));
        let none = shop.trust.make_token(&manager, &new("x", &[], None), at(1)).await;
        assert!(matches!(none, Err(TrustError::Invalid { .. })));
        let scopes: Vec<Permission> = Role::Manager.permissions().iter().collect();
        let (_, text) = shop.trust.make_token(&manager, &new("all", &scopes, None), at(2)).await.unwrap();
        let program = shop.trust.token_caller(text.show(), &here(), at(3)).await.unwrap();
        assert_eq!(program.permissions, Role::Manager.permissions());
        // A token that leaks must not become a second one, or a person.
        let invitation = NewInvitation { name: "x".into(), role: Role::Agent };
        for act in [
            shop.trust.make_token(&program, &new("y", &[Permission::ReadFigures], None), at(4)).await.map(drop),
            shop.trust.invite(&program, &invitation, at(4)).await.map(drop),
            shop.trust.set_role(&program, shop.owner.session.user.id, Role::Agent, at(4)).await,
        ] {
            assert!(matches!(act, Err(TrustError::NotByToken)), "{act:?}");
        }
    }
}

#[tokio::test]
async fn a_token_falls_with_the_one_who_made_it() {
    for shop in shops().await {
        let ming = shop.hire("ming", Role::Manager, at(0)).await;
        let scopes = [Permission::ReadFigures, Permission::ReadAudit];
        let (_, text) = shop.trust.make_token(&shop.caller(&ming).await, &new("x", &scopes, None), at(1)).await.unwrap();
        let (boss, user) = (shop.boss().await, ming.session.user.id);
        let may = async |second| shop.trust.token_caller(text.show(), &here(), at(second)).await.map(|caller| caller.permissions);
        assert_eq!(may(2).await.unwrap(), Permissions::of(&scopes));
        shop.trust.set_role(&boss, user, Role::Analyst, at(3)).await.unwrap();
        assert_eq!(may(4).await.unwrap(), Permissions::of(&[Permission::ReadFigures]));
        shop.trust.set_disabled(&boss, user, true, at(5)).await.unwrap();
        assert!(matches!(may(6).await, Err(TrustError::BadToken)));
        shop.trust.set_disabled(&boss, user, false, at(7)).await.unwrap();
        shop.trust.remove_member(&boss, user, at(8)).await.unwrap();
        assert!(matches!(may(9).await, Err(TrustError::BadToken)));
    }
}

#[derive(Debug, Clone)]
enum Step {
    Make(u32, Option<i64>),
    Revoke(usize),
    Promote(usize),
    Disable(bool),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..(1_u32 << 19), proptest::option::of(1..50_i64)).prop_map(|(scopes, life)| Step::Make(scopes, life)),
        (0..6_usize).prop_map(Step::Revoke),
        (0..Role::ALL.len()).prop_map(Step::Promote),
        any::<bool>().prop_map(Step::Disable),
        (1..30_i64).prop_map(Step::Wait),
    ]
}

struct Known {
    id: String,
    text: SecretText,
    scopes: Permissions,
    ends_at: Option<Instant>,
    revoked: bool,
}

/// Whatever happens in whatever order: a token may do exactly what it was made for, its maker may do now, and nothing after its end.
async fn tokens_obey(steps: Vec<Step>) {
    let shop = shop(testing::sqlite_store().await).await;
    let user = shop.hire("ming", Role::Manager, at(0)).await.session.user.id;
    let terminal = Caller::terminal(shop.store.tenant.clone(), "mei");
    let (mut now, mut role, mut disabled, mut known) = (at(1), Role::Manager, false, Vec::<Known>::new());
    for step in steps {
        match step {
            Step::Make(bits, life) => {
                let all = Permission::ALL.into_iter().enumerate();
                let scopes: Permissions = all.filter(|(n, _)| bits & (1 << n) != 0).map(|(_, permission)| permission).collect();
                let ends_at = life.map(|life| now.plus_seconds(life));
                let maker = Caller { who: Who::User(user), permissions: role.permissions(), ..terminal.clone() };
                let made = shop.trust.make_token(&maker, &NewToken { name: "x".into(), scopes, ends_at }, now).await;
                let allowed = scopes.is_subset_of(role.permissions()) && maker.may(Permission::ManageTokens);
                assert_eq!(made.is_ok(), allowed, "{role} {scopes}");
                if let Ok((token, text)) = made {
                    known.push(Known { id: token.id, text, scopes, ends_at, revoked: false });
                }
            }
            Step::Revoke(n) => {
                if let Some(token) = known.get_mut(n) {
                    let revoked = shop.trust.revoke_token(&terminal, &token.id, now).await;
                    assert_eq!(revoked.is_ok(), !token.revoked);
                    token.revoked = true;
                }
            }
            Step::Promote(n) => {
                role = Role::ALL[n];
                shop.trust.put_role(&terminal, user, role, now).await.unwrap();
            }
            Step::Disable(yes) => {
                disabled = yes;
                shop.trust.set_disabled(&terminal, user, yes, now).await.unwrap();
            }
            Step::Wait(seconds) => now = now.plus_seconds(seconds),
        }
        for token in &known {
            let may = shop.trust.token_caller(token.text.show(), &here(), now).await.ok().map(|caller| caller.permissions);
            let dead = token.revoked || disabled || token.ends_at.is_some_and(|ends_at| ends_at <= now);
            let expected = (!dead).then(|| token.scopes.and(role.permissions()));
            assert_eq!(may, expected, "{role}, disabled: {disabled}, revoked: {}", token.revoked);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn a_token_never_does_more_than_its_maker_and_nothing_after_its_end(steps in proptest::collection::vec(step(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(tokens_obey(steps));
    }
}

//! Those who work together: roles, ranks, the last owner, and people who belong to several businesses.

use super::*;

#[tokio::test]
async fn a_role_holds_at_once_and_its_sessions_end() {
    for shop in shops().await {
        let ming = shop.hire("ming", Role::Manager, at(0)).await;
        assert!(shop.caller(&ming).await.may(Permission::ManageTokens));
        shop.trust.set_role(&shop.boss().await, ming.session.user.id, Role::Agent, at(1)).await.unwrap();
        assert!(shop.trust.session(ming.cookie.show(), &here(), at(2)).await.is_err());
        let again = done(shop.trust.sign_in(credentials("ming", PASSWORD), &here(), at(3)).await.unwrap());
        let caller = shop.caller(&again).await;
        assert_eq!(caller.permissions, Role::Agent.permissions());
        let refused = caller.require(Permission::ManageTokens);
        assert!(matches!(refused, Err(TrustError::Forbidden { permission: Permission::ManageTokens })));
        assert!(matches!(shop.trust.members(&caller).await, Err(TrustError::Forbidden { .. })));
        let members = shop.trust.members(&shop.boss().await).await.unwrap();
        let seen: Vec<_> = members.iter().map(|member| (member.user.login.as_str(), member.role)).collect();
        assert_eq!(seen, [("ming", Role::Agent), ("owner", Role::Owner)]);
    }
}

#[tokio::test]
async fn a_manager_looks_after_those_below_and_nobody_else() {
    for shop in shops().await {
        let (ming, hong) = (shop.hire("ming", Role::Manager, at(0)).await, shop.hire("hong", Role::Manager, at(0)).await);
        let agent = shop.hire("agent", Role::Agent, at(0)).await.session.user.id;
        let manager = shop.caller(&ming).await;
        let (trust, owner) = (&shop.trust, shop.owner.session.user.id);
        for above in [owner, hong.session.user.id, ming.session.user.id] {
            for act in [
                trust.set_role(&manager, above, Role::Agent, at(1)).await,
                trust.remove_member(&manager, above, at(1)).await,
                trust.set_disabled(&manager, above, true, at(1)).await,
                trust.make_reset_link(&manager, above, at(1)).await.map(drop),
                trust.remove_second_factor(&manager, above, at(1)).await,
            ] {
                assert!(matches!(act, Err(TrustError::Rank)), "{act:?}");
            }
        }
        for role in [Role::Owner, Role::Manager] {
            assert!(matches!(trust.set_role(&manager, agent, role, at(1)).await, Err(TrustError::Rank)));
            let new = NewInvitation { name: "x".into(), role };
            assert!(matches!(trust.invite(&manager, &new, at(1)).await, Err(TrustError::Rank)));
        }
        trust.set_role(&manager, agent, Role::Editor, at(2)).await.unwrap();
        trust.remove_member(&manager, agent, at(3)).await.unwrap();
        assert!(matches!(trust.remove_member(&manager, agent, at(4)).await, Err(TrustError::NotFound { .. })));
        let terminal_only = AddUser {
            login: Login::parse("x2").unwrap(),
            name: "x".into(),
            language: Language::En,
            role: Role::Agent,
            operator: true,
        };
        for act in [
            trust.add_user(&manager, &terminal_only, at(5)).await.map(drop),
            trust.set_operator(&manager, ming.session.user.id, true, at(5)).await,
            trust.set_one_time_password(&shop.boss().await, owner, at(5)).await.map(drop),
        ] {
            assert!(matches!(act, Err(TrustError::Forbidden { .. })), "{act:?}");
        }
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    for shop in shops().await {
        let (boss, owner) = (shop.boss().await, shop.owner.session.user.id);
        for act in [
            shop.trust.set_role(&boss, owner, Role::Manager, at(1)).await,
            shop.trust.remove_member(&boss, owner, at(1)).await,
            shop.trust.set_disabled(&boss, owner, true, at(1)).await,
        ] {
            assert!(matches!(act, Err(TrustError::LastOwner)), "{act:?}");
        }
        shop.trust.session(shop.owner.cookie.show(), &here(), at(2)).await.unwrap();
        let second = shop.hire("hong", Role::Owner, at(3)).await;
        shop.trust.set_disabled(&shop.boss().await, second.session.user.id, true, at(4)).await.unwrap();
        let alone = shop.trust.set_role(&boss, owner, Role::Manager, at(5)).await;
        assert!(matches!(alone, Err(TrustError::LastOwner)), "an owner who cannot sign in is none");
    }
}

#[tokio::test]
async fn of_two_owners_who_step_down_at_once_one_stays() {
    for shop in shops().await {
        let hong = shop.hire("hong", Role::Owner, at(0)).await;
        let (one, other) = (shop.boss().await, shop.caller(&hong).await);
        let (first, second) = (shop.owner.session.user.id, hong.session.user.id);
        let (a, b) = tokio::join!(
            shop.trust.set_role(&one, first, Role::Analyst, at(1)),
            shop.trust.set_role(&other, second, Role::Analyst, at(1)),
        );
        assert_eq!([&a, &b].iter().filter(|step| step.is_ok()).count(), 1, "{}: {a:?} {b:?}", shop.store.url);
        let members = shop.store.journal.members(&shop.store.tenant).await.unwrap();
        assert_eq!(members.iter().filter(|member| member.role == Role::Owner).count(), 1);
    }
}

#[tokio::test]
async fn who_works_for_two_businesses_is_not_taken_over_by_one_of_them() {
    for shop in shops().await {
        let (coffee, neighbour) = shop.neighbour().await;
        let new = NewInvitation { name: "Neighbour".into(), role: Role::Agent };
        let (_, link) = shop.trust.invite(&shop.boss().await, &new, at(1)).await.unwrap();
        let joined = shop.trust.join_by_invitation(&neighbour.session, link.show(), &here(), at(2)).await.unwrap();
        assert_eq!(joined.role, Role::Agent);
        let (boss, user) = (shop.boss().await, neighbour.session.user.id);
        for act in [
            shop.trust.set_disabled(&boss, user, true, at(3)).await,
            shop.trust.make_reset_link(&boss, user, at(3)).await.map(drop),
            shop.trust.remove_second_factor(&boss, user, at(3)).await,
        ] {
            assert!(matches!(act, Err(TrustError::OtherTenants)), "{act:?}");
        }
        // In each business they are what that business says.
        let here_as = shop.trust.caller(&neighbour.session, Some(&shop.store.tenant), &here()).await.unwrap();
        let there_as = shop.trust.caller(&neighbour.session, Some(&coffee), &here()).await.unwrap();
        assert_eq!((here_as.role, there_as.role), (Some(Role::Agent), Some(Role::Owner)));
        assert!(!there_as.may(Permission::ManageStore), "an owner is not yet an operator of the store");
        shop.trust.use_tenant(&neighbour.session, &shop.store.tenant).await.unwrap();
        let session = shop.trust.session(neighbour.cookie.show(), &here(), at(4)).await.unwrap();
        assert_eq!(shop.trust.caller(&session, None, &here()).await.unwrap().tenant, shop.store.tenant);
        shop.trust.remove_member(&boss, user, at(5)).await.unwrap();
        let left = shop.trust.caller(&neighbour.session, Some(&shop.store.tenant), &here()).await;
        assert!(matches!(left, Err(TrustError::NoMembership)));
        assert_eq!(shop.trust.memberships(user).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn nothing_of_one_business_is_seen_or_changed_by_another() {
    for shop in shops().await {
        let (_, neighbour) = shop.neighbour().await;
        let (boss, stranger) = (shop.boss().await, shop.caller(&neighbour).await);
        let ming = shop.hire("ming", Role::Agent, at(1)).await.session.user.id;
        let new = NewToken { name: "till".into(), scopes: Permissions::of(&[Permission::WriteTouches]), ends_at: None };
        let (token, _) = shop.trust.make_token(&boss, &new, at(1)).await.unwrap();
        let new = NewInvitation { name: "x".into(), role: Role::Agent };
        let (invitation, _) = shop.trust.invite(&boss, &new, at(1)).await.unwrap();
        let new = NewView { name: "Lapsed".into(), page: "contacts".into(), search: "?stage=lapsed".into(), shared: true };
        let view = shop.trust.save_view(&boss, None, &new, at(1)).await.unwrap();
        shop.trust.put_secret(&boss.tenant, "webhook/1", &Secret::new(b"geheim".to_vec()), at(1)).await.unwrap();

        let trust = &shop.trust;
        assert!(trust.tokens(&stranger).await.unwrap().is_empty());
        assert!(trust.invitations(&stranger, at(2)).await.unwrap().is_empty());
        assert!(trust.views(&stranger, None).await.unwrap().is_empty());
        assert_eq!(trust.members(&stranger).await.unwrap().len(), 1);
        assert!(trust.secret(&stranger.tenant, "webhook/1").await.unwrap().is_none());
        for act in [
            trust.revoke_token(&stranger, &token.id, at(2)).await,
            trust.withdraw_invitation(&stranger, &invitation.id, at(2)).await,
            trust.save_view(&stranger, Some(&view.id), &new, at(2)).await.map(drop),
            trust.delete_view(&stranger, &view.id, at(2)).await.map(drop),
            trust.set_role(&stranger, ming, Role::Owner, at(2)).await,
            trust.remove_member(&stranger, ming, at(2)).await,
            trust.set_disabled(&stranger, ming, true, at(2)).await,
            trust.make_reset_link(&stranger, ming, at(2)).await.map(drop),
            trust.remove_second_factor(&stranger, ming, at(2)).await,
        ] {
            assert!(matches!(act, Err(TrustError::NotFound { .. })), "{act:?}");
        }
        let elsewhere = trust.caller(&neighbour.session, Some(&boss.tenant), &here()).await;
        assert!(matches!(elsewhere, Err(TrustError::NoMembership)));
        let log = trust.audit_log(&stranger, &AuditAsk { limit: 100, ..AuditAsk::default() }).await.unwrap();
        assert!(log.entries.iter().all(|entry| entry.action != AuditAction::TokenMade));
        assert_eq!(trust.views(&boss, Some("contacts")).await.unwrap(), [view]);
    }
}

#[tokio::test]
async fn only_an_operator_founds_a_business_and_owns_it() {
    for shop in shops().await {
        let books = testing::tenant("books");
        shop.trust.found_tenant(&shop.owner.session, &books, &here(), at(1)).await.unwrap();
        let caller = shop.trust.caller(&shop.owner.session, Some(&books.id), &here()).await.unwrap();
        assert_eq!(caller.role, Some(Role::Owner));
        let twice = shop.trust.found_tenant(&shop.owner.session, &books, &here(), at(2)).await;
        assert!(matches!(twice, Err(TrustError::Exists { .. })));
        let hong = shop.hire("hong", Role::Owner, at(3)).await;
        let refused = shop.trust.found_tenant(&hong.session, &testing::tenant("bar"), &here(), at(4)).await;
        assert!(matches!(refused, Err(TrustError::Forbidden { permission: Permission::ManageStore })));
        assert!(shop.store.journal.tenant(&testing::tenant("bar").id).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_view_is_one_s_own_until_it_is_shared() {
    for shop in shops().await {
        let (boss, ming) = (shop.boss().await, shop.caller(&shop.hire("ming", Role::Agent, at(0)).await).await);
        let new = |name: &str, shared| NewView {
            name: name.into(),
            page: "contacts".into(),
            search: "?stage=lapsed&q=%E6%9E%97".into(),
            shared,
        };
        let view = shop.trust.save_view(&boss, None, &new("Lapsed", false), at(1)).await.unwrap();
        assert!(shop.trust.views(&ming, None).await.unwrap().is_empty());
        assert!(matches!(shop.trust.delete_view(&ming, &view.id, at(2)).await, Err(TrustError::NotFound { .. })));
        let shared = shop.trust.save_view(&boss, Some(&view.id), &new("Lapsed", true), at(3)).await.unwrap();
        assert_eq!(shop.trust.views(&ming, None).await.unwrap(), std::slice::from_ref(&shared));
        assert!(matches!(shop.trust.save_view(&ming, None, &new("Mine", true), at(4)).await, Err(TrustError::Forbidden { .. })));
        let taken = shop.trust.save_view(&ming, Some(&view.id), &new("Mine", false), at(4)).await;
        assert!(matches!(taken, Err(TrustError::NotFound { .. })), "a shared view is still its owner's");
        assert!(matches!(shop.trust.delete_view(&ming, &view.id, at(4)).await, Err(TrustError::Forbidden { .. })));
        let deleted = shop.trust.delete_view(&boss, &view.id, at(5)).await.unwrap();
        assert!(shop.trust.views(&boss, None).await.unwrap().is_empty());
        let back = NewView { name: deleted.name, page: deleted.page, search: deleted.search, shared: deleted.shared };
        shop.trust.save_view(&boss, Some(&deleted.id), &back, at(6)).await.unwrap();
        assert_eq!(shop.trust.views(&boss, None).await.unwrap().len(), 1);
        for (page, search) in [
            ("https://evil.example", ""),
            ("//evil.example", ""),
            ("contacts", "javascript:alert(1)"),
            ("contacts", "?a=b#c"),
            ("contacts", "?a= b"),
            ("", "?a=b"),
            ("../admin", ""),
        ] {
            let view = NewView { name: "x".into(), page: page.into(), search: search.into(), shared: false };
            assert!(
                matches!(shop.trust.save_view(&boss, None, &view, at(7)).await, Err(TrustError::Invalid { .. })),
                "{page}{search}"
            );
        }
    }
}

//! Links: an invitation, a new password.

use super::*;

async fn invite(shop: &Shop, caller: &Caller, role: Role, second: i64) -> (Invitation, SecretText) {
    let new = NewInvitation { name: "Ming".into(), role };
    shop.trust.invite(caller, &new, at(second)).await.unwrap()
}

#[tokio::test]
async fn an_invitation_is_good_for_one_person_once() {
    for shop in shops().await {
        let (invitation, link) = invite(&shop, &shop.boss().await, Role::Editor, 0).await;
        let seen = shop.trust.look_at_invitation(link.show(), at(1)).await.unwrap();
        assert_eq!((seen.tenant_name.as_str(), seen.role, seen.name.as_str()), ("tea", Role::Editor, "Ming"));
        assert_eq!(shop.trust.invitations(&shop.boss().await, at(1)).await.unwrap(), [invitation]);

        let taken = shop.trust.accept_invitation(link.show(), &newcomer("Owner"), &here(), at(2)).await;
        assert!(matches!(taken, Err(TrustError::Exists { .. })), "{taken:?}");
        let weak = NewUser { password: "password12", ..newcomer("ming") };
        assert!(matches!(shop.trust.accept_invitation(link.show(), &weak, &here(), at(2)).await, Err(TrustError::Password(_))));
        let bad = NewUser { login: "ming ming", ..newcomer("ming") };
        assert!(matches!(shop.trust.accept_invitation(link.show(), &bad, &here(), at(2)).await, Err(TrustError::Invalid { .. })));

        let ming = shop.trust.accept_invitation(link.show(), &newcomer("ming"), &here(), at(3)).await.unwrap();
        let caller = shop.caller(&ming).await;
        assert_eq!((caller.role, ming.session.user.language), (Some(Role::Editor), Language::Zh));
        let again = shop.trust.accept_invitation(link.show(), &newcomer("hong"), &here(), at(4)).await;
        assert!(matches!(again, Err(TrustError::LinkExpired)));
        assert!(shop.trust.invitations(&shop.boss().await, at(4)).await.unwrap().is_empty());
        assert!(shop.actions().await.ends_with(&[AuditAction::Invited, AuditAction::InvitationAccepted]));
    }
}

#[tokio::test]
async fn of_two_who_follow_one_link_at_once_one_comes_in() {
    for shop in shops().await {
        let (_, link) = invite(&shop, &shop.boss().await, Role::Agent, 0).await;
        let (ming, hong, origin) = (newcomer("ming"), newcomer("hong"), here());
        let (one, other) = tokio::join!(
            shop.trust.accept_invitation(link.show(), &ming, &origin, at(1)),
            shop.trust.accept_invitation(link.show(), &hong, &origin, at(1)),
        );
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|came| **came).count(), 1, "{}", shop.store.url);
        assert_eq!(shop.trust.members(&shop.boss().await).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_invitation_that_was_withdrawn_or_is_too_old_or_whose_maker_fell_lets_nobody_in() {
    for shop in shops().await {
        let boss = shop.boss().await;
        let (withdrawn, link) = invite(&shop, &boss, Role::Agent, 0).await;
        shop.trust.withdraw_invitation(&boss, &withdrawn.id, at(1)).await.unwrap();
        let manager = shop.hire("manager", Role::Manager, at(1)).await;
        let (_, of_manager) = invite(&shop, &shop.caller(&manager).await, Role::Agent, 2).await;
        assert!(shop.trust.look_at_invitation(of_manager.show(), at(3)).await.is_ok());
        shop.trust.set_role(&boss, manager.session.user.id, Role::Analyst, at(3)).await.unwrap();
        let (old, of_old) = invite(&shop, &boss, Role::Agent, 4).await;
        let late = old.ends_at;
        for (link, now) in [(&link, at(4)), (&of_manager, at(4)), (&of_old, late), (&SecretText::new("x".into()), at(4))] {
            let answer = shop.trust.accept_invitation(link.show(), &newcomer("ming"), &here(), now).await;
            assert!(matches!(answer, Err(TrustError::LinkExpired)), "{answer:?}");
        }
        let gone = shop.trust.withdraw_invitation(&boss, &withdrawn.id, at(5)).await;
        assert!(matches!(gone, Err(TrustError::NotFound { .. })));
    }
}

#[tokio::test]
async fn a_reset_link_changes_one_password_once_and_sends_everybody_away() {
    for shop in shops().await {
        let ming = shop.hire("ming", Role::Agent, at(0)).await;
        let (boss, user) = (shop.boss().await, ming.session.user.id);
        let first = shop.trust.make_reset_link(&boss, user, at(1)).await.unwrap();
        let second = shop.trust.make_reset_link(&boss, user, at(2)).await.unwrap();
        assert!(matches!(shop.trust.look_at_reset_link(first.show(), at(3)).await, Err(TrustError::LinkExpired)));
        assert_eq!(shop.trust.look_at_reset_link(second.show(), at(3)).await.unwrap().as_str(), "ming");
        let weak = shop.trust.reset_password(second.show(), "ming ming ming", &here(), at(3)).await;
        assert!(matches!(weak, Err(TrustError::Password(PasswordError::LikeLogin))), "{weak:?}");
        shop.trust.reset_password(second.show(), "another good one", &here(), at(4)).await.unwrap();
        assert!(shop.trust.session(ming.cookie.show(), &here(), at(5)).await.is_err());
        assert!(shop.trust.sign_in(credentials("ming", PASSWORD), &here(), at(5)).await.is_err());
        done(shop.trust.sign_in(credentials("ming", "another good one"), &here(), at(6)).await.unwrap());
        let again = shop.trust.reset_password(second.show(), "yet another one", &here(), at(7)).await;
        assert!(matches!(again, Err(TrustError::LinkExpired)));
        let third = shop.trust.make_reset_link(&boss, user, at(8)).await.unwrap();
        let late = shop.trust.reset_password(third.show(), "yet another one", &here(), at(8 + 24 * 3_600)).await;
        assert!(matches!(late, Err(TrustError::LinkExpired)));
    }
}

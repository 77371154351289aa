//! The log: every act has its line, pages follow one another, and what others do is noted too.

use super::*;

#[tokio::test]
async fn every_act_leaves_its_line_with_who_and_from_where() {
    for shop in shops().await {
        let ming = shop.hire("ming", Role::Agent, at(1)).await;
        let boss = shop.boss().await;
        shop.trust.set_role(&boss, ming.session.user.id, Role::Analyst, at(2)).await.unwrap();
        let on = serde_json::json!({ "rows": 7 });
        shop.trust.note(&boss, AuditAction::ImportUndone, "import:7", &on, at(3)).await.unwrap();
        shop.trust.remove_member(&boss, ming.session.user.id, at(4)).await.unwrap();
        use AuditAction as A;
        let expected = [
            A::MemberAdded,
            A::SignedIn,
            A::PasswordChanged,
            A::Invited,
            A::InvitationAccepted,
            A::RoleChanged,
            A::ImportUndone,
            A::MemberRemoved,
        ];
        assert_eq!(shop.actions().await, expected);
        let page = shop.trust.audit_log(&boss, &AuditAsk { limit: 3, ..AuditAsk::default() }).await.unwrap();
        let (role, note) = (&page.entries[2], &page.entries[1]);
        assert_eq!((role.who.clone(), role.who_name.as_deref()), (format!("user:{}", boss.user().unwrap()), Some("Owner")));
        assert_eq!((role.address.as_str(), role.on.clone()), ("192.0.2.1", ming.session.user.id.to_string()));
        assert_eq!(role.details, serde_json::json!({ "from": "agent", "to": "analyst" }));
        assert_eq!((note.on.as_str(), &note.details, note.at), ("import:7", &on, at(3)));
    }
}

#[tokio::test]
async fn a_refused_act_leaves_neither_a_change_nor_a_line() {
    for shop in shops().await {
        let before = shop.actions().await;
        assert!(shop.trust.remove_member(&shop.boss().await, shop.owner.session.user.id, at(1)).await.is_err());
        assert!(shop.trust.revoke_token(&shop.boss().await, "nothing", at(1)).await.is_err());
        assert_eq!(shop.actions().await, before);
    }
}

#[tokio::test]
async fn pages_follow_one_another_and_can_be_of_one_action_or_person() {
    for shop in shops().await {
        let boss = shop.boss().await;
        for n in 0..25 {
            let action = if n % 5 == 0 { AuditAction::DataExported } else { AuditAction::ImportDone };
            shop.trust.note(&boss, action, &n.to_string(), &serde_json::Value::Null, at(n)).await.unwrap();
        }
        let (mut ask, mut seen) = (AuditAsk { limit: 10, ..AuditAsk::default() }, Vec::new());
        loop {
            let page = shop.trust.audit_log(&boss, &ask).await.unwrap();
            assert!(page.entries.len() <= 10);
            seen.extend(page.entries.iter().map(|entry| entry.number));
            match page.next {
                Some(next) => ask.before = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, (1..=28).rev().collect::<Vec<_>>());
        let exports = AuditAsk { limit: 50, action: Some(AuditAction::DataExported), ..AuditAsk::default() };
        assert_eq!(shop.trust.audit_log(&boss, &exports).await.unwrap().entries.len(), 5);
        let nobody = AuditAsk { limit: 50, who: Some(UserId(1)), ..AuditAsk::default() };
        assert!(shop.trust.audit_log(&boss, &nobody).await.unwrap().entries.is_empty());
        let agent = shop.caller(&shop.hire("ming", Role::Agent, at(50)).await).await;
        assert!(matches!(shop.trust.audit_log(&agent, &exports).await, Err(TrustError::Forbidden { .. })));
    }
}

#[tokio::test]
async fn many_acts_at_once_make_one_unbroken_log() {
    for shop in shops().await {
        let boss = shop.boss().await;
        let acts = (0..40).map(|n| {
            let (trust, boss) = (shop.trust.clone(), boss.clone());
            tokio::spawn(async move {
                trust.note(&boss, AuditAction::ImportDone, &n.to_string(), &serde_json::Value::Null, at(n)).await.unwrap();
            })
        });
        for act in acts.collect::<Vec<_>>() {
            act.await.unwrap();
        }
        let (lines, faults) = shop.store.journal.audit_faults(Some(&shop.store.tenant)).await.unwrap();
        assert_eq!((lines, faults), (43, Vec::new()), "{}", shop.store.url);
    }
}

//! Stories of the log and of changes that go together, told on both engines.

use kith_core::{Language, Login, Role, UserId};

use super::{Applied, AttemptState, AttemptSubject, NewAuditLine, StoredUser, TrustChange};
use crate::sql::args;
use crate::testing::{TestStore, at, stores};

fn user(login: &str, id: i64) -> StoredUser {
    StoredUser {
        id: UserId(id),
        login: Login::parse(login).unwrap(),
        name: login.to_owned(),
        language: Language::Zh,
        password: "$argon2id$…".to_owned(),
        must_change_password: true,
        disabled: false,
        operator: false,
        totp_since: None,
        totp_step: 0,
        created_at: at(0),
    }
}

fn line(store: &TestStore, subject: &str) -> NewAuditLine {
    NewAuditLine {
        tenant: Some(store.tenant.clone()),
        at: at(1),
        who: "user:1".to_owned(),
        action: "member.added",
        subject: subject.to_owned(),
        details: "null".to_owned(),
        address: "192.0.2.1".to_owned(),
    }
}

async fn with_lines(store: &TestStore, count: i64) {
    for n in 0..count {
        assert_eq!(store.journal.change_trust(&[], &[line(store, &n.to_string())]).await.unwrap(), Applied::Done);
    }
}

async fn faults(store: &TestStore) -> (i64, Vec<String>) {
    store.journal.audit_faults(Some(&store.tenant)).await.unwrap()
}

async fn by_hand(store: &TestStore, sql: &'static str) {
    let mut tx = store.journal.begin().await.unwrap();
    assert_eq!(tx.execute(sql, args![]).await.unwrap(), 1, "{sql}");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn changes_happen_together_with_their_line_or_not_at_all() {
    for store in stores().await {
        let journal = &store.journal;
        let member =
            |id| TrustChange::AddMember { tenant: store.tenant.clone(), user: UserId(id), role: Role::Owner, since: at(0) };
        let add = |login, id| TrustChange::AddUser(Box::new(user(login, id)));
        let done = journal.change_trust(&[add("mei", 1), member(1)], &[line(&store, "1")]).await.unwrap();
        assert_eq!(done, Applied::Done);
        let refused = journal.change_trust(&[add("hong", 2), add("mei", 3)], &[line(&store, "2")]).await.unwrap();
        assert_eq!(refused, Applied::Refused(1));
        assert!(journal.user(UserId(2)).await.unwrap().is_none(), "{}", store.url);
        assert_eq!(faults(&store).await, (1, Vec::new()));
        let found = journal.user_by_login(&Login::parse("mei").unwrap()).await.unwrap().unwrap();
        assert!(found == user("mei", 1));
        assert_eq!(journal.memberships(UserId(1)).await.unwrap(), [(store.tenant.clone(), "tea".to_owned(), Role::Owner)]);
        assert!(journal.change_trust(&[member(77)], &[]).await.is_err(), "nobody belongs anywhere");
    }
}

#[tokio::test]
async fn a_log_that_nobody_touched_is_whole() {
    for store in stores().await {
        assert_eq!(faults(&store).await, (0, Vec::new()));
        with_lines(&store, 5).await;
        assert_eq!(faults(&store).await, (5, Vec::new()));
        let (n, hash) = store.journal.audit_head(Some(&store.tenant)).await.unwrap().unwrap();
        assert_eq!((n, hash.len()), (5, 64));
    }
}

#[tokio::test]
async fn whatever_is_changed_in_the_log_by_hand_shows() {
    for sql in [
        "UPDATE audit SET who = 'user:2' WHERE n = 3",
        "UPDATE audit SET action = 'member.removed' WHERE n = 1",
        "UPDATE audit SET details = '{}' WHERE n = 5",
        "UPDATE audit SET at = at + 1 WHERE n = 2",
        "UPDATE audit SET hash = (SELECT hash FROM audit b WHERE b.n = 2) WHERE n = 4",
        "DELETE FROM audit WHERE n = 1",
        "DELETE FROM audit WHERE n = 3",
        "DELETE FROM audit WHERE n = 5",
        "INSERT INTO audit (tenant, n, at, who, action, subject, details, address, hash) \
         SELECT tenant, 6, at, who, action, subject, details, address, hash FROM audit WHERE n = 5",
        "UPDATE audit SET n = 9 WHERE n = 5",
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET n = 4, hash = (SELECT hash FROM audit b WHERE b.n = 4)",
    ] {
        for store in stores().await {
            with_lines(&store, 5).await;
            by_hand(&store, sql).await;
            assert!(!faults(&store).await.1.is_empty(), "{sql} on {}", store.url);
        }
    }
}

#[tokio::test]
async fn a_log_longer_than_one_reading_is_checked_to_its_end() {
    for store in stores().await {
        let lines: Vec<NewAuditLine> = (0..2_300).map(|n| line(&store, &n.to_string())).collect();
        assert_eq!(store.journal.change_trust(&[], &lines).await.unwrap(), Applied::Done);
        assert_eq!(faults(&store).await, (2_300, Vec::new()));
        by_hand(&store, "UPDATE audit SET subject = 'x' WHERE n = 2222").await;
        assert_eq!(faults(&store).await.1, ["line 2222 was changed, or the one before it"]);
    }
}

#[tokio::test]
async fn an_attempt_that_has_to_wait_is_not_counted_anywhere() {
    for store in stores().await {
        let subject = |scope, n| AttemptSubject { scope, subject: [n; 32] };
        let both = [subject("account", 1), subject("address", 2)];
        let free_until = |limit: [u32; 2]| {
            move |n: usize, state: AttemptState| {
                let failures = state.failures + 1;
                if failures > limit[n] { Err(at(900)) } else { Ok(AttemptState { failures, last_at: at(1), free_at: at(1) }) }
            }
        };
        for _ in 0..3 {
            assert_eq!(store.journal.take_attempts(&both, at(1), free_until([9, 3])).await.unwrap(), Ok(()));
        }
        assert_eq!(store.journal.take_attempts(&both, at(1), free_until([9, 3])).await.unwrap(), Err(at(900)));
        let mut seen = Vec::new();
        for subject in both {
            let look =
                |_: usize, state: AttemptState| if state.failures > 0 { Err(at(i64::from(state.failures))) } else { Ok(state) };
            seen.push(store.journal.take_attempts(&[subject], at(1), look).await.unwrap());
        }
        assert_eq!(seen, [Err(at(3)), Err(at(3))], "{}", store.url);
    }
}

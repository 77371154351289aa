//! Stories of trust, each told on both engines.

mod guests;
mod log;
mod once;
mod secrets;
mod sign_in;
mod team;
mod tokens;

use kith_core::{Language, TenantId};
use kith_journal::testing::{self, TestStore};

use super::*;

/// A shop with an owner who has chosen a password.
struct Shop {
    trust: Trust,
    store: TestStore,
    keys: tempfile::TempDir,
    owner: SignedIn,
}

const PASSWORD: &str = "correct horse battery";
const CHEAP: HashCost = HashCost { memory_kib: 8, passes: 1 };

fn at(second: i64) -> Instant {
    testing::at(second)
}

fn rules() -> TrustRules {
    TrustRules { password: CHEAP, ..TrustRules::default() }
}

fn from(address: &str) -> Origin {
    Origin::new(address.parse().ok(), Some("Firefox"))
}

fn here() -> Origin {
    from("192.0.2.1")
}

fn credentials<'a>(login: &'a str, password: &'a str) -> Credentials<'a> {
    Credentials { login, password, device: None }
}

fn done(sign_in: SignIn) -> SignedIn {
    match sign_in {
        SignIn::Done(signed_in) => signed_in,
        SignIn::SecondFactor { .. } => panic!("a second factor was asked for"),
    }
}

/// Another process on the same store: what it knows, it knows from there.
fn another_process(store: &TestStore, keys: &tempfile::TempDir, seed: u64) -> Trust {
    Trust::over(&store.journal, keys.path(), None, Randomness::seeded(seed), rules()).unwrap()
}

async fn shops() -> Vec<Shop> {
    let mut shops = Vec::new();
    for store in testing::stores().await {
        shops.push(shop(store).await);
    }
    shops
}

async fn shop(store: TestStore) -> Shop {
    let keys = tempfile::tempdir().unwrap();
    let trust = another_process(&store, &keys, 1);
    let first = trust.begin_serving(at(0)).await.unwrap().expect("a fresh store gets an owner");
    let once = done(trust.sign_in(credentials("owner", first.password.show()), &here(), at(0)).await.unwrap());
    let owner = trust.change_password(&once.session, first.password.show(), PASSWORD, &here(), at(0)).await.unwrap();
    Shop { trust, store, keys, owner }
}

impl Shop {
    /// The owner, as who decides in the shop.
    async fn boss(&self) -> Caller {
        self.caller(&self.owner).await
    }

    async fn caller(&self, signed_in: &SignedIn) -> Caller {
        self.trust.caller(&signed_in.session, None, &here()).await.unwrap()
    }

    /// Somebody new, by invitation.
    async fn hire(&self, login: &str, role: Role, now: Instant) -> SignedIn {
        let new = NewInvitation { name: login.to_owned(), role };
        let (_, link) = self.trust.invite(&self.boss().await, &new, now).await.unwrap();
        self.trust.accept_invitation(link.show(), &newcomer(login), &here(), now).await.unwrap()
    }

    /// A second business of the same store, with an owner of its own.
    async fn neighbour(&self) -> (TenantId, SignedIn) {
        let tenant = testing::tenant("coffee");
        self.store.journal.put_tenant(&tenant).await.unwrap();
        let terminal = Caller::terminal(tenant.id.clone(), "mei");
        let new = AddUser {
            login: Login::parse("neighbour").unwrap(),
            name: "Neighbour".to_owned(),
            language: Language::En,
            role: Role::Owner,
            operator: false,
        };
        let (_, password) = self.trust.add_user(&terminal, &new, at(0)).await.unwrap();
        let once = done(self.trust.sign_in(credentials("neighbour", password.show()), &here(), at(0)).await.unwrap());
        let changed = self.trust.change_password(&once.session, password.show(), PASSWORD, &here(), at(0)).await.unwrap();
        (tenant.id, changed)
    }

    async fn actions(&self) -> Vec<AuditAction> {
        let ask = AuditAsk { limit: 500, ..AuditAsk::default() };
        let page = self.trust.audit_log(&self.boss().await, &ask).await.unwrap();
        page.entries.into_iter().rev().map(|entry| entry.action).collect()
    }
}

fn newcomer(login: &str) -> NewUser<'_> {
    NewUser { login, name: login, language: Language::Zh, password: PASSWORD }
}

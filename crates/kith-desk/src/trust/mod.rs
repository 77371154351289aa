//! Who may come in, what they may do, and what they did: users, roles, sessions, second factors, invitations, tokens, the log, secrets.
//!
//! All of it hangs on one value, [`Trust`], that is cheap to clone. It knows no HTTP: a door gives it texts from cookies and headers, an
//! [`Origin`] and the time, and gets back a [`Session`], a [`Caller`] or a [`TrustError`]. Every act is one transaction together with its line
//! in the log. What lets somebody in is kept as a hash; what must be read again is sealed ([`Secret`]).
//!
//! Nothing here needs the writer's lock of the store, so `kith user` works while a server runs.

mod api_token;
mod audit;
mod caller;
mod invitation;
mod key_ring;
mod once;
mod password;
mod randomness;
mod rules;
mod saved_view;
mod second_factor;
mod secret_text;
mod session;
mod sign_in;
mod throttle;
mod trust_error;
mod user;
mod vault;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use api_token::{ApiToken, NewToken};
pub use audit::{AuditAction, AuditAsk, AuditEntry, AuditPage};
pub use caller::{Caller, Origin, Who};
pub use invitation::{Invitation, InvitationView, NewInvitation, NewUser};
pub use key_ring::{KEY_VARIABLE, KeyError};
pub use kith_core::{Login, LoginError, Permission, Permissions, Role, UserId};
pub use once::{Claim, Request, StoredAnswer, Ticket};
pub use password::{Password, PasswordError};
pub use randomness::Randomness;
pub use rules::{HashCost, TrustRules};
pub use saved_view::{NewView, SavedView};
pub use second_factor::{SecondFactorState, TotpEnrolment};
pub use secret_text::{Secret, SecretText};
pub use session::{Session, SessionInfo, SignedIn};
pub use sign_in::{Credentials, SecondWay, SignIn};
pub use throttle::Patience;
pub use trust_error::TrustError;
pub use user::{AddUser, FirstOwner, Member, Membership, User, table_of_roles};
pub use vault::Rotation;

use kith_core::{Instant, TenantId};
use kith_journal::trust::{Applied, NewAuditLine, TrustChange};
use kith_journal::{Journal, JournalError};

use crate::doctor::Finding;
use crate::store::Store;
use password::PasswordHasher;
use vault::Vault;

/// Everything that this folder offers, on one store.
#[derive(Clone)]
pub struct Trust {
    inner: Arc<Inner>,
}

struct Inner {
    journal: Journal,
    vault: Vault,
    rules: TrustRules,
    randomness: Randomness,
    passwords: PasswordHasher,
    /// This process, for claims that it must not leave behind.
    run: String,
    /// Sessions and tokens whose last use is being written down.
    being_seen: Mutex<HashSet<String>>,
}

/// So long a request waits for its own last use to be written down, when others are writing; it is written all the same.
const MOMENT: Duration = Duration::from_millis(250);

impl Trust {
    /// Over a store that is open; the environment may hold the keys of secrets ([`KEY_VARIABLE`]).
    pub async fn open(
        store: &Store,
        environment: impl Fn(&str) -> Option<String>,
        randomness: Randomness,
    ) -> Result<Self, TrustError> {
        Self::open_with(store, environment, randomness, TrustRules::default()).await
    }

    /// The same with other numbers: for tests, which cannot wait.
    pub async fn open_with(
        store: &Store,
        environment: impl Fn(&str) -> Option<String>,
        randomness: Randomness,
        rules: TrustRules,
    ) -> Result<Self, TrustError> {
        Self::over(&store.journal, &store.folder, environment(KEY_VARIABLE).as_deref(), randomness, rules)
    }

    fn over(
        journal: &Journal,
        folder: &std::path::Path,
        keys: Option<&str>,
        randomness: Randomness,
        rules: TrustRules,
    ) -> Result<Self, TrustError> {
        let vault = Vault::open(journal.clone(), folder, keys, &randomness)?;
        let passwords = PasswordHasher::new(rules.password, &randomness)?;
        let run = secret_text::record_id(&randomness);
        let being_seen = Mutex::default();
        let inner = Inner { journal: journal.clone(), vault, rules, randomness, passwords, run, being_seen };
        Ok(Self { inner: Arc::new(inner) })
    }

    #[must_use]
    pub fn rules(&self) -> &TrustRules {
        &self.inner.rules
    }

    /// For a server that starts and is the only one on this store: makes the owner of a fresh store, gives tenants that nobody belongs to
    /// to the only user there is, and frees what dead processes had claimed. `Some` once in a store's life: say it to the person at
    /// the terminal, it is nowhere else.
    pub async fn begin_serving(&self, now: Instant) -> Result<Option<FirstOwner>, TrustError> {
        self.journal().release_claims_of_others(self.run()).await?;
        self.forget_expired(now).await?;
        self.first_owner(now).await
    }

    /// Forgets what has ended: sessions, tickets, links, answers, attempts. Every hour is often enough.
    pub async fn forget_expired(&self, now: Instant) -> Result<(), TrustError> {
        /// Longer than any count of attempts matters.
        const ATTEMPTS_DAYS: i64 = 2;
        Ok(self.journal().forget_ended(now, now.plus_seconds(-ATTEMPTS_DAYS * 86_400)).await?)
    }

    /// Keeps a secret of a tenant, such as what a channel lets us in with. The name says whose it is: `webhook/3`.
    pub async fn put_secret(&self, tenant: &TenantId, name: &str, secret: &Secret, now: Instant) -> Result<(), TrustError> {
        match self.vault().put(Some(tenant), name, secret, Vec::new(), &[], now).await? {
            Applied::Done => Ok(()),
            Applied::Refused(_) => Err(TrustError::Conflict { what: "the secret" }),
        }
    }

    pub async fn secret(&self, tenant: &TenantId, name: &str) -> Result<Option<Secret>, TrustError> {
        self.vault().get(Some(tenant), name).await
    }

    pub async fn delete_secret(&self, tenant: &TenantId, name: &str) -> Result<(), TrustError> {
        self.commit(&[TrustChange::DeleteSecret { tenant: Some(tenant.clone()), name: name.to_owned() }], &[]).await
    }

    /// A new key for all secrets. Whoever calls it stands at the store's terminal.
    pub async fn rotate_key(&self, by: &Who, now: Instant) -> Result<Rotation, TrustError> {
        let rotation = self.vault().rotate().await?;
        let line = self.line(None, by, AuditAction::KeyRotated, &rotation.key, &Origin::default(), now);
        self.commit(&[], &[line]).await?;
        Ok(rotation)
    }

    /// A line for [`KEY_VARIABLE`], for those who keep keys outside the store's folder.
    #[must_use]
    pub fn new_key_line(&self) -> SecretText {
        SecretText::new(key_ring::Key::make(self.randomness()).written())
    }

    /// Is what lies here sound? For the doctor: can every secret be opened, and is the log whole?
    pub async fn examine(&self) -> Result<Vec<Finding>, TrustError> {
        let (sound, faults) = self.vault().examine().await?;
        let mut findings = vec![Finding::good(format!("secrets: {sound} can be opened"))];
        let advice = "bring back the file `keys` of the store's folder from a backup, or enter the secret again";
        findings.extend(faults.into_iter().map(|fault| Finding::bad(fault, advice)));
        Ok(findings)
    }

    fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    fn passwords(&self) -> &PasswordHasher {
        &self.inner.passwords
    }

    fn randomness(&self) -> &Randomness {
        &self.inner.randomness
    }

    fn run(&self) -> &str {
        &self.inner.run
    }

    /// Writes down that a session or a token is used, once at a time. That is no act: a large import that holds the database for a while
    /// must not keep readers waiting, nor its end find a thousand such notes.
    async fn note_use(
        &self,
        id: &str,
        write: impl Future<Output = Result<(), JournalError>> + Send + 'static,
    ) -> Result<(), TrustError> {
        if !self.being_seen().insert(id.to_owned()) {
            return Ok(());
        }
        let (trust, id) = (self.clone(), id.to_owned());
        // A task of its own, so that it is not broken off half-way when the wait is over.
        let writing = tokio::spawn(async move {
            let written = write.await;
            trust.being_seen().remove(&id);
            written
        });
        match tokio::time::timeout(MOMENT, writing).await {
            Ok(Ok(Err(JournalError::Locked { .. }))) | Err(_) => Ok(()),
            Ok(Ok(written)) => Ok(written?),
            Ok(Err(_)) => Err(TrustError::Interrupted),
        }
    }

    fn being_seen(&self) -> MutexGuard<'_, HashSet<String>> {
        self.inner.being_seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes changes of which none is expected to be refused.
    async fn commit(&self, changes: &[TrustChange], lines: &[NewAuditLine]) -> Result<(), TrustError> {
        match self.journal().change_trust(changes, lines).await? {
            Applied::Done => Ok(()),
            Applied::Refused(_) => Err(TrustError::Conflict { what: "what you see" }),
        }
    }
}

/// For the doctor of a store: is each log whole?
pub(crate) async fn examine_logs(store: &Store) -> Result<Vec<Finding>, crate::StoreError> {
    let tenants = store.journal.tenants().await?;
    let mut findings = Vec::new();
    for tenant in std::iter::once(None).chain(tenants.iter().map(|tenant| Some(&tenant.id))) {
        let name = tenant.map_or("the store", TenantId::as_str);
        let (lines, faults) = store.journal.audit_faults(tenant).await?;
        if faults.is_empty() {
            findings.push(Finding::good(format!("log of {name}: {lines} lines, none changed or missing")));
        }
        for fault in faults {
            let advice = "somebody changed the database by hand: compare with a backup, and change the passwords of the store";
            findings.push(Finding::bad(format!("log of {name}: {fault}"), advice));
        }
    }
    Ok(findings)
}

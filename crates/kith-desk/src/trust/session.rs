//! Sessions: who is signed in where, seen and ended.
//!
//! A session is a random token in a cookie; the store keeps its hash. Signing in always makes a new one, and so does a new password: a
//! token that somebody planted or copied before is worth nothing after.

use kith_core::{Digest, Instant, TenantId};
use kith_journal::trust::{Applied, StoredSession, StoredUser, TrustChange};
use serde::Serialize;

use super::audit::AuditAction;
use super::secret_text::{Door, SecretText, record_id, same};
use super::{Origin, Trust, TrustError, User, Who};
use crate::store::SAMPLE_TENANT;

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// By which a person names it; it lets nobody in.
    pub id: String,
    pub user: User,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    /// The nearer of its two ends: without use, and in any case.
    pub ends_at: Instant,
    pub address: String,
    pub agent: String,
    /// What a page must send along with everything that changes something.
    pub csrf: String,
    pub(super) tenant: Option<TenantId>,
}

/// A session as a person sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionInfo {
    pub id: String,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    pub ends_at: Instant,
    pub address: String,
    pub agent: String,
    /// The one that asks.
    pub current: bool,
}

/// A new session, with what the browser is to keep.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: Session,
    /// The session cookie's value.
    pub cookie: SecretText,
    /// The device cookie's value: it lets nobody in, it only makes attempts count apart from those of strangers.
    pub device: SecretText,
}

/// The last use is written down at most so often.
const SEEN_EVERY_S: i64 = 60;

impl Session {
    pub(super) fn of(stored: &StoredSession, user: User, cookie: &str) -> Self {
        Self {
            id: stored.id.clone(),
            user,
            created_at: stored.created_at,
            last_seen_at: stored.last_seen_at,
            ends_at: stored.ends_at.min(stored.idle_ends_at),
            address: stored.address.clone(),
            agent: stored.agent.clone(),
            csrf: csrf(cookie),
            tenant: stored.tenant.clone(),
        }
    }

    /// Does what a page sent along belong to this session?
    pub fn check_csrf(&self, given: &str) -> Result<(), TrustError> {
        if same(&self.csrf, given) { Ok(()) } else { Err(TrustError::Csrf) }
    }

    #[must_use]
    pub const fn must_change_password(&self) -> bool {
        self.user.must_change_password
    }
}

/// Made from the cookie, so it needs no place in the store and changes with it; the cookie cannot be found from it.
fn csrf(cookie: &str) -> String {
    Digest::new("trust csrf").with(cookie.as_bytes()).hex()
}

impl Trust {
    /// Whose session a cookie is.
    pub async fn session(&self, cookie: &str, origin: &Origin, now: Instant) -> Result<Session, TrustError> {
        if cookie.is_empty() || cookie.len() > 200 {
            return Err(TrustError::NotSignedIn);
        }
        let found = self.journal().session_by_hash(&Door::Session.hash(cookie), now).await?;
        let (mut stored, user) = found.ok_or(TrustError::NotSignedIn)?;
        if stored.last_seen_at.plus_seconds(SEEN_EVERY_S) <= now {
            stored.last_seen_at = now;
            stored.idle_ends_at = now.plus_seconds(self.rules().session_idle_hours * 3_600);
            stored.address.clone_from(&origin.address);
            let (journal, id, idle, address) =
                (self.journal().clone(), stored.id.clone(), stored.idle_ends_at, origin.address.clone());
            self.note_use(&stored.id, async move { journal.touch_session(&id, now, idle, &address).await }).await?;
        }
        Ok(Session::of(&stored, User::of(&user), cookie))
    }

    /// All sessions of the one who asks, last seen first.
    pub async fn sessions(&self, session: &Session, now: Instant) -> Result<Vec<SessionInfo>, TrustError> {
        let stored = self.journal().sessions_of(session.user.id, now).await?;
        let info = |stored: StoredSession| SessionInfo {
            current: stored.id == session.id,
            ends_at: stored.ends_at.min(stored.idle_ends_at),
            id: stored.id,
            created_at: stored.created_at,
            last_seen_at: stored.last_seen_at,
            address: stored.address,
            agent: stored.agent,
        };
        Ok(stored.into_iter().map(info).collect())
    }

    pub async fn sign_out(&self, session: &Session, origin: &Origin, now: Instant) -> Result<(), TrustError> {
        self.end_one(session, &session.id, AuditAction::SignedOut, origin, now).await
    }

    /// Ends one of one's own sessions.
    pub async fn end_session(&self, session: &Session, id: &str, origin: &Origin, now: Instant) -> Result<(), TrustError> {
        self.end_one(session, id, AuditAction::SessionEnded, origin, now).await
    }

    async fn end_one(
        &self,
        session: &Session,
        id: &str,
        action: AuditAction,
        origin: &Origin,
        now: Instant,
    ) -> Result<(), TrustError> {
        let user = session.user.id;
        let lines = self.user_lines(user, &Who::User(user), action, id, serde_json::Value::Null, origin, now).await?;
        match self.journal().change_trust(&[TrustChange::EndSession { user, id: id.to_owned() }], &lines).await? {
            Applied::Done => Ok(()),
            Applied::Refused(_) => Err(TrustError::NotFound { what: "session" }),
        }
    }

    /// Ends all of one's own sessions but this one, and says how many there were.
    pub async fn end_other_sessions(&self, session: &Session, origin: &Origin, now: Instant) -> Result<u64, TrustError> {
        let user = session.user.id;
        let others = self.journal().sessions_of(user, now).await?.iter().filter(|other| other.id != session.id).count() as u64;
        let details = serde_json::json!({ "ended": others });
        let lines =
            self.user_lines(user, &Who::User(user), AuditAction::OtherSessionsEnded, &session.id, details, origin, now).await?;
        let change = TrustChange::EndSessions { user, except: Some(session.id.clone()) };
        self.commit(&[change], &lines).await?;
        Ok(others)
    }

    /// What makes a new session of a user: the rows to be written, and what the browser gets. A browser that is known already stays so.
    pub(super) async fn new_session(
        &self,
        user: &StoredUser,
        tenant: Option<&TenantId>,
        origin: &Origin,
        now: Instant,
    ) -> Result<(Vec<TrustChange>, SignedIn), TrustError> {
        let random = self.randomness();
        let (cookie, hash) = Door::Session.make(random);
        let (device, device_hash) = Door::Device.make(random);
        let tenant = match tenant {
            Some(tenant) => Some(tenant.clone()),
            None => {
                let memberships = self.journal().memberships(user.id).await?;
                let own = memberships.iter().find(|(id, ..)| id.as_str() != SAMPLE_TENANT).or_else(|| memberships.first());
                own.map(|(id, ..)| id.clone())
            }
        };
        let stored = StoredSession {
            id: record_id(random),
            hash,
            user: user.id,
            tenant,
            created_at: now,
            last_seen_at: now,
            idle_ends_at: now.plus_seconds(self.rules().session_idle_hours * 3_600),
            ends_at: now.plus_seconds(self.rules().session_days * 86_400),
            address: origin.address.clone(),
            agent: origin.agent.clone(),
        };
        let session = Session::of(&stored, User::of(user), cookie.show());
        let ends_at = now.plus_seconds(self.rules().device_days * 86_400);
        let changes =
            vec![TrustChange::AddSession(Box::new(stored)), TrustChange::AddDevice { hash: device_hash, user: user.id, ends_at }];
        Ok((changes, SignedIn { session, cookie, device }))
    }
}

//! Who calls, from where, and what they may do in which tenant.

use std::fmt;
use std::net::IpAddr;

use kith_core::{Instant, Permission, Permissions, Role, TenantId, UserId};
use kith_journal::trust::StoredUser;

use super::secret_text::Door;
use super::{Session, Trust, TrustError, User};
use crate::store::SAMPLE_TENANT;

/// From where a call comes: for the list of sessions, the log, and the count of attempts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// As text; empty where nobody knows.
    pub address: String,
    /// What the browser says of itself.
    pub agent: String,
    ip: Option<IpAddr>,
}

/// A browser says no more of itself than this.
const LONGEST_AGENT: usize = 200;

impl Origin {
    #[must_use]
    pub fn new(address: Option<IpAddr>, agent: Option<&str>) -> Self {
        let ip = address.map(|address| address.to_canonical());
        let agent = agent.unwrap_or_default().chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
        Self { address: ip.map(|ip| ip.to_string()).unwrap_or_default(), agent, ip }
    }

    pub(super) const fn ip(&self) -> Option<IpAddr> {
        self.ip
    }
}

/// Who does something, as the log writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    User(UserId),
    /// A program with a token that this user made.
    Token {
        id: String,
        user: UserId,
    },
    /// Somebody at the machine of the store, by the name the system knows them by.
    Terminal(String),
    /// Kith by itself.
    Kith,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Token { id, .. } => write!(f, "token:{id}"),
            Self::Terminal(name) => write!(f, "terminal:{name}"),
            Self::Kith => f.write_str("kith"),
        }
    }
}

/// Somebody who may do something in one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub who: Who,
    pub tenant: TenantId,
    /// `None` at the terminal.
    pub role: Option<Role>,
    pub permissions: Permissions,
    pub origin: Origin,
    /// Is the caller an operator of the store, or at its terminal?
    pub(super) operator: bool,
}

impl Caller {
    /// Somebody at the terminal: who can read the store's files need not be kept from anything.
    #[must_use]
    pub fn terminal(tenant: TenantId, name: &str) -> Self {
        let name = name.chars().filter(|c| !c.is_control()).take(60).collect();
        let (role, permissions, origin) = (None, Permissions::ALL, Origin::default());
        Self { who: Who::Terminal(name), tenant, role, permissions, origin, operator: true }
    }

    #[must_use]
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    pub const fn require(&self, permission: Permission) -> Result<(), TrustError> {
        if self.may(permission) { Ok(()) } else { Err(TrustError::Forbidden { permission }) }
    }

    /// The person, or the one who made the token.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match &self.who {
            Who::User(user) | Who::Token { user, .. } => Some(*user),
            Who::Terminal(_) | Who::Kith => None,
        }
    }

    /// For what no program may do: a token that leaked must not make itself a second one.
    pub(super) const fn require_person(&self, permission: Permission) -> Result<(), TrustError> {
        match self.who {
            Who::Token { .. } => Err(TrustError::NotByToken),
            _ => self.require(permission),
        }
    }

    /// May the caller act on somebody of this role?
    pub(super) const fn outranks(&self, role: Role) -> Result<(), TrustError> {
        match self.role {
            Some(own) if !own.may_manage(role) => Err(TrustError::Rank),
            _ => Ok(()),
        }
    }
}

/// A token's last use is written down at most so often.
const TOKEN_SEEN_EVERY_S: i64 = 60;

impl Trust {
    /// Who somebody with a session is in a tenant: the one named, else the one of the session, else a business of their own before the
    /// sample. What they may do is read now, so a role that was changed holds at once.
    pub async fn caller(&self, session: &Session, tenant: Option<&TenantId>, origin: &Origin) -> Result<Caller, TrustError> {
        if session.user.must_change_password {
            return Err(TrustError::MustChangePassword);
        }
        let memberships = self.journal().memberships(session.user.id).await?;
        let of = |id: &TenantId| memberships.iter().find(|(tenant, ..)| tenant == id);
        let found = match tenant {
            Some(named) => of(named),
            None => session
                .tenant
                .as_ref()
                .and_then(of)
                .or_else(|| memberships.iter().find(|(tenant, ..)| tenant.as_str() != SAMPLE_TENANT))
                .or_else(|| memberships.first()),
        };
        let (tenant, _, role) = found.ok_or(TrustError::NoMembership)?;
        Ok(caller(Who::User(session.user.id), &session.user, tenant, *role, origin))
    }

    /// Remembers which tenant a session looks at.
    pub async fn use_tenant(&self, session: &Session, tenant: &TenantId) -> Result<(), TrustError> {
        let memberships = self.journal().memberships(session.user.id).await?;
        if memberships.iter().all(|(id, ..)| id != tenant) {
            return Err(TrustError::NoMembership);
        }
        Ok(self.journal().choose_tenant(&session.id, tenant).await?)
    }

    /// Who a program with a token is. It may do what the token was made for, as far as the one who made it may do that still.
    pub async fn token_caller(&self, bearer: &str, origin: &Origin, now: Instant) -> Result<Caller, TrustError> {
        if !bearer.starts_with(super::api_token::PREFIX) || bearer.len() > 200 {
            return Err(TrustError::BadToken);
        }
        let token = self.journal().token_by_hash(&Door::ApiToken.hash(bearer), now).await?.ok_or(TrustError::BadToken)?;
        let maker: StoredUser = self.journal().user(token.made_by).await?.ok_or(TrustError::BadToken)?;
        let memberships = self.journal().memberships(maker.id).await?;
        let membership = memberships.iter().find(|(tenant, ..)| *tenant == token.tenant);
        let Some((tenant, _, role)) = membership.filter(|_| !maker.disabled) else {
            return Err(TrustError::BadToken);
        };
        if token.last_used_at.is_none_or(|last| last.plus_seconds(TOKEN_SEEN_EVERY_S) <= now) {
            let (journal, id) = (self.journal().clone(), token.id.clone());
            self.note_use(&token.id, async move { journal.touch_token(&id, now).await }).await?;
        }
        let who = Who::Token { id: token.id, user: maker.id };
        let whole = caller(who, &User::of(&maker), tenant, *role, origin);
        Ok(Caller { permissions: whole.permissions.and(token.scopes), ..whole })
    }
}

fn caller(who: Who, user: &User, tenant: &TenantId, role: Role, origin: &Origin) -> Caller {
    let own = role.permissions();
    let permissions = if user.operator { own.with(Permission::ManageStore) } else { own };
    Caller { who, tenant: tenant.clone(), role: Some(role), permissions, origin: origin.clone(), operator: user.operator }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_says_of_itself_is_bounded_and_has_no_control_characters() {
        let origin = Origin::new("::ffff:192.0.2.7".parse().ok(), Some(&format!("a\u{1b}[31m\n{}", "x".repeat(5_000))));
        assert_eq!((origin.address.as_str(), origin.agent.chars().count()), ("192.0.2.7", LONGEST_AGENT));
        assert!(!origin.agent.contains(['\u{1b}', '\n']));
    }
}

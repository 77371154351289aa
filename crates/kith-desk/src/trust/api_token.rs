//! Tokens for programs: named, limited to some permissions of the one who makes them, seen and revoked.

use kith_core::{Instant, Permission, Permissions, UserId};
use kith_journal::trust::{Applied, StoredToken, TrustChange};
use serde::Serialize;

use super::audit::AuditAction;
use super::secret_text::{Door, SecretText, record_id};
use super::user::display_name;
use super::{Caller, Trust, TrustError};

/// So that a scanner of leaked secrets, and a person, sees what it is.
pub(super) const PREFIX: &str = "kith_";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    pub name: String,
    pub scopes: Permissions,
    pub ends_at: Option<Instant>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    pub scopes: Permissions,
    pub made_by: UserId,
    pub created_at: Instant,
    pub ends_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

impl Trust {
    /// Makes a token; its text is shown this once.
    pub async fn make_token(&self, caller: &Caller, new: &NewToken, now: Instant) -> Result<(ApiToken, SecretText), TrustError> {
        caller.require_person(Permission::ManageTokens)?;
        let invalid = |what, advice: &str| TrustError::Invalid { what, advice: advice.to_owned() };
        let made_by =
            caller.user().ok_or_else(|| invalid("the maker of a token", "sign in: a token does what its maker may do"))?;
        if new.scopes.is_empty() {
            return Err(invalid("the permissions", "choose at least one"));
        }
        if let Some(permission) = new.scopes.iter().find(|permission| !caller.may(*permission)) {
            return Err(TrustError::Forbidden { permission });
        }
        if new.ends_at.is_some_and(|ends_at| ends_at <= now) {
            return Err(invalid("the end", "choose a time to come"));
        }
        let (text, hash) = Door::ApiToken.make(self.randomness());
        let stored = StoredToken {
            id: record_id(self.randomness()),
            hash,
            tenant: caller.tenant.clone(),
            name: display_name(&new.name)?,
            scopes: new.scopes,
            made_by,
            created_at: now,
            ends_at: new.ends_at,
            last_used_at: None,
            revoked_at: None,
        };
        let token = shown(&stored);
        let details = serde_json::json!({ "scopes": new.scopes, "ends_at": new.ends_at });
        let line = self.caller_line(caller, AuditAction::TokenMade, &stored.id, &details, now);
        self.commit(&[TrustChange::AddToken(Box::new(stored))], &[line]).await?;
        Ok((token, text))
    }

    /// All tokens of the tenant, the latest first, those that are worth nothing any more too.
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<ApiToken>, TrustError> {
        caller.require(Permission::ManageTokens)?;
        Ok(self.journal().tokens(&caller.tenant).await?.iter().map(shown).collect())
    }

    pub async fn revoke_token(&self, caller: &Caller, id: &str, now: Instant) -> Result<(), TrustError> {
        caller.require_person(Permission::ManageTokens)?;
        let change = TrustChange::RevokeToken { tenant: caller.tenant.clone(), id: id.to_owned(), now };
        let line = self.caller_line(caller, AuditAction::TokenRevoked, id, &serde_json::Value::Null, now);
        match self.journal().change_trust(&[change], &[line]).await? {
            Applied::Done => Ok(()),
            Applied::Refused(_) => Err(TrustError::NotFound { what: "token" }),
        }
    }
}

fn shown(stored: &StoredToken) -> ApiToken {
    ApiToken {
        id: stored.id.clone(),
        name: stored.name.clone(),
        scopes: stored.scopes,
        made_by: stored.made_by,
        created_at: stored.created_at,
        ends_at: stored.ends_at,
        last_used_at: stored.last_used_at,
        revoked_at: stored.revoked_at,
    }
}

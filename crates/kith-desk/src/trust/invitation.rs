//! Invitations by link: one use, one tenant, one role, some days.

use kith_core::{Instant, Language, Login, Permission, Role, TenantId};
use kith_journal::trust::{Applied, StoredInvitation, TrustChange};
use serde::Serialize;

use super::audit::AuditAction;
use super::password::Password;
use super::secret_text::{Door, SecretText, record_id};
use super::user::display_name;
use super::{Caller, Membership, Origin, Session, SignedIn, Trust, TrustError, Who};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// Whom it is for, as the one who invites knows them.
    pub name: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invitation {
    pub id: String,
    pub name: String,
    pub role: Role,
    pub created_at: Instant,
    pub ends_at: Instant,
}

/// What somebody sees who follows the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvitationView {
    pub tenant_name: String,
    pub name: String,
    pub role: Role,
    pub ends_at: Instant,
}

/// What somebody types who comes by a link.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub language: Language,
    pub password: &'a str,
}

impl Trust {
    /// An invitation and the token that its link carries.
    pub async fn invite(
        &self,
        caller: &Caller,
        new: &NewInvitation,
        now: Instant,
    ) -> Result<(Invitation, SecretText), TrustError> {
        caller.require_person(Permission::ManageUsers)?;
        caller.outranks(new.role)?;
        let (token, hash) = Door::Invitation.make(self.randomness());
        let stored = StoredInvitation {
            id: record_id(self.randomness()),
            hash,
            tenant: caller.tenant.clone(),
            name: display_name(&new.name)?,
            role: new.role,
            made_by: caller.user(),
            created_at: now,
            ends_at: now.plus_seconds(self.rules().invitation_days * 86_400),
        };
        let invitation = shown(&stored);
        let details = serde_json::json!({ "role": new.role });
        let line = self.caller_line(caller, AuditAction::Invited, &stored.id, &details, now);
        self.commit(&[TrustChange::AddInvitation(Box::new(stored))], &[line]).await?;
        Ok((invitation, token))
    }

    /// The open invitations of the tenant, the latest first.
    pub async fn invitations(&self, caller: &Caller, now: Instant) -> Result<Vec<Invitation>, TrustError> {
        caller.require(Permission::ManageUsers)?;
        Ok(self.journal().invitations(&caller.tenant, now).await?.iter().map(shown).collect())
    }

    pub async fn withdraw_invitation(&self, caller: &Caller, id: &str, now: Instant) -> Result<(), TrustError> {
        caller.require_person(Permission::ManageUsers)?;
        let open = self.journal().invitations(&caller.tenant, now).await?;
        let found = open.iter().find(|open| open.id == id).ok_or(TrustError::NotFound { what: "invitation" })?;
        caller.outranks(found.role)?;
        let change = TrustChange::WithdrawInvitation { tenant: caller.tenant.clone(), id: id.to_owned(), now };
        let line = self.caller_line(caller, AuditAction::InvitationWithdrawn, id, &serde_json::Value::Null, now);
        self.commit(&[change], &[line]).await
    }

    pub async fn look_at_invitation(&self, token: &str, now: Instant) -> Result<InvitationView, TrustError> {
        let stored = self.open_invitation(token, now).await?;
        let tenant = self.journal().tenant(&stored.tenant).await?.ok_or(TrustError::LinkExpired)?;
        Ok(InvitationView { tenant_name: tenant.name, name: stored.name, role: stored.role, ends_at: stored.ends_at })
    }

    /// Somebody new comes by a link, and is signed in.
    pub async fn accept_invitation(
        &self,
        token: &str,
        new: &NewUser<'_>,
        origin: &Origin,
        now: Instant,
    ) -> Result<SignedIn, TrustError> {
        let stored = self.open_invitation(token, now).await?;
        let login =
            Login::parse(new.login).map_err(|error| TrustError::Invalid { what: "the login", advice: error.to_string() })?;
        let password = Password::parse(new.password, &login)?;
        let name = display_name(new.name)?;
        let password = self.passwords().hash(&password).await?;
        let user = self.new_user(login, name, new.language, password, now);
        let (id, tenant) = (user.id, stored.tenant.clone());
        let mut changes = vec![
            TrustChange::UseInvitation { id: stored.id.clone(), now },
            TrustChange::AddUser(Box::new(user.clone())),
            TrustChange::AddMember { tenant: tenant.clone(), user: id, role: stored.role, since: now },
        ];
        let (rows, signed_in) = self.new_session(&user, Some(&tenant), origin, now).await?;
        changes.extend(rows);
        let line = self.accepted(&stored, &Who::User(id), &id.to_string(), origin, now);
        match self.journal().change_trust(&changes, &[line]).await? {
            Applied::Done => Ok(signed_in),
            Applied::Refused(1) => Err(TrustError::Exists { what: "login" }),
            Applied::Refused(_) => Err(TrustError::LinkExpired),
        }
    }

    /// Somebody who has a login, and is signed in, joins another tenant.
    pub async fn join_by_invitation(
        &self,
        session: &Session,
        token: &str,
        origin: &Origin,
        now: Instant,
    ) -> Result<Membership, TrustError> {
        if session.user.must_change_password {
            return Err(TrustError::MustChangePassword);
        }
        let stored = self.open_invitation(token, now).await?;
        let (user, role, tenant) = (session.user.id, stored.role, stored.tenant.clone());
        let name = self.journal().tenant(&tenant).await?.ok_or(TrustError::LinkExpired)?.name;
        let changes = [
            TrustChange::UseInvitation { id: stored.id.clone(), now },
            TrustChange::AddMember { tenant: tenant.clone(), user, role, since: now },
        ];
        let line = self.accepted(&stored, &Who::User(user), &user.to_string(), origin, now);
        match self.journal().change_trust(&changes, &[line]).await? {
            Applied::Done => Ok(Membership { tenant, name, role }),
            Applied::Refused(1) => Err(TrustError::Exists { what: "membership" }),
            Applied::Refused(_) => Err(TrustError::LinkExpired),
        }
    }

    /// What a token in a link is worth: nothing any more, if the one who invited could not do it today.
    async fn open_invitation(&self, token: &str, now: Instant) -> Result<StoredInvitation, TrustError> {
        let found = self.journal().invitation_by_hash(&Door::Invitation.hash(token), now).await?;
        let stored = found.ok_or(TrustError::LinkExpired)?;
        if let Some(maker) = stored.made_by {
            let active = self.journal().user(maker).await?.is_some_and(|maker| !maker.disabled);
            let role = self.role_in(maker, &stored.tenant).await?;
            if !active || role.is_none_or(|role| !role.may_manage(stored.role)) {
                return Err(TrustError::LinkExpired);
            }
        }
        Ok(stored)
    }

    async fn role_in(&self, user: kith_core::UserId, tenant: &TenantId) -> Result<Option<Role>, TrustError> {
        let memberships = self.journal().memberships(user).await?;
        Ok(memberships.into_iter().find(|(id, ..)| id == tenant).map(|(.., role)| role))
    }

    fn accepted(
        &self,
        invitation: &StoredInvitation,
        who: &Who,
        subject: &str,
        origin: &Origin,
        now: Instant,
    ) -> kith_journal::trust::NewAuditLine {
        let details = serde_json::json!({ "role": invitation.role, "invitation": invitation.id });
        let line = self.line(Some(&invitation.tenant), who, AuditAction::InvitationAccepted, subject, origin, now);
        kith_journal::trust::NewAuditLine { details: details.to_string(), ..line }
    }
}

fn shown(stored: &StoredInvitation) -> Invitation {
    Invitation {
        id: stored.id.clone(),
        name: stored.name.clone(),
        role: stored.role,
        created_at: stored.created_at,
        ends_at: stored.ends_at,
    }
}

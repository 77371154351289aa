//! Users, their roles in tenants, and those who look after them.
//!
//! A user is one person over all tenants of a store. Whoever manages a tenant manages its memberships; what reaches into other tenants (a
//! password, the second factor, disabling) they may do only for people who belong nowhere else.

use kith_core::{Instant, Language, Login, Permission, Permissions, Role, Tenant, TenantId, UserId};
use kith_journal::trust::{Applied, StoredUser, TrustChange};
use serde::Serialize;

use super::audit::AuditAction;
use super::password::Password;
use super::secret_text::{Door, SecretText, typed};
use super::{Caller, Origin, Session, Trust, TrustError, Who};

/// Somebody who may sign in, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    pub id: UserId,
    pub login: Login,
    pub name: String,
    pub language: Language,
    pub disabled: bool,
    pub must_change_password: bool,
    /// May do what reaches beyond one tenant: backup, new tenants.
    pub operator: bool,
    pub created_at: Instant,
}

/// A user's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    pub user: User,
    pub role: Role,
    pub since: Instant,
    pub last_seen_at: Option<Instant>,
    pub totp: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    pub tenant: TenantId,
    pub name: String,
    pub role: Role,
}

/// A user to be made at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddUser {
    pub login: Login,
    pub name: String,
    pub language: Language,
    pub role: Role,
    pub operator: bool,
}

/// The owner of a store that had none, and the password for the first time.
#[derive(Debug, Clone)]
pub struct FirstOwner {
    pub login: Login,
    pub password: SecretText,
}

/// The login of the owner of a fresh store.
const FIRST_LOGIN: &str = "owner";

impl User {
    pub(super) fn of(stored: &StoredUser) -> Self {
        Self {
            id: stored.id,
            login: stored.login.clone(),
            name: stored.name.clone(),
            language: stored.language,
            disabled: stored.disabled,
            must_change_password: stored.must_change_password,
            operator: stored.operator,
            created_at: stored.created_at,
        }
    }
}

/// A name as people write it; never empty.
pub(super) fn display_name(text: &str) -> Result<String, TrustError> {
    let wrong = |advice: &str| TrustError::Invalid { what: "the name", advice: advice.to_owned() };
    let name = kith_core::clean(text, 100).map_err(|_| wrong("use at most 100 characters"))?;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() { Err(wrong("write how others shall see you")) } else { Ok(name) }
}

impl Trust {
    /// Where a user belongs, by the tenant's id.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, TrustError> {
        let found = self.journal().memberships(user).await?;
        Ok(found.into_iter().map(|(tenant, name, role)| Membership { tenant, name, role }).collect())
    }

    pub async fn find_user(&self, login: &Login) -> Result<User, TrustError> {
        let user = self.journal().user_by_login(login).await?.ok_or(TrustError::NotFound { what: "user" })?;
        Ok(User::of(&user))
    }

    /// One's own name and language.
    pub async fn set_profile(
        &self,
        session: &Session,
        name: &str,
        language: Language,
        origin: &Origin,
        now: Instant,
    ) -> Result<User, TrustError> {
        let (user, name) = (session.user.id, display_name(name)?);
        let details = serde_json::json!({ "language": language });
        let who = Who::User(user);
        let lines = self.user_lines(user, &who, AuditAction::ProfileChanged, &user.to_string(), details, origin, now).await?;
        self.commit(&[TrustChange::SetProfile { user, name: name.clone(), language }], &lines).await?;
        Ok(User { name, language, ..session.user.clone() })
    }

    /// Somebody founds a business in this store and becomes its owner. Only an operator of the store may.
    pub async fn found_tenant(
        &self,
        session: &Session,
        tenant: &Tenant,
        origin: &Origin,
        now: Instant,
    ) -> Result<(), TrustError> {
        if session.user.must_change_password {
            return Err(TrustError::MustChangePassword);
        }
        if !session.user.operator {
            return Err(TrustError::Forbidden { permission: Permission::ManageStore });
        }
        let user = session.user.id;
        let changes = [
            TrustChange::AddTenant(Box::new(tenant.clone())),
            TrustChange::AddMember { tenant: tenant.id.clone(), user, role: Role::Owner, since: now },
        ];
        let who = Who::User(user);
        let line = self.line(Some(&tenant.id), &who, AuditAction::TenantFounded, tenant.id.as_str(), origin, now);
        match self.journal().change_trust(&changes, &[line]).await? {
            Applied::Done => Ok(()),
            Applied::Refused(_) => Err(TrustError::Exists { what: "business" }),
        }
    }

    /// Everybody of the caller's tenant, by login.
    pub async fn members(&self, caller: &Caller) -> Result<Vec<Member>, TrustError> {
        caller.require(Permission::ManageUsers)?;
        let members = self.journal().members(&caller.tenant).await?;
        let member = |member: kith_journal::trust::StoredMember| Member {
            user: User::of(&member.user),
            role: member.role,
            since: member.since,
            last_seen_at: member.last_seen_at,
            totp: member.user.totp_since.is_some(),
        };
        Ok(members.into_iter().map(member).collect())
    }

    /// Gives somebody of the tenant another role. Their sessions end: what they may do is asked anew.
    pub async fn set_role(&self, caller: &Caller, user: UserId, role: Role, now: Instant) -> Result<(), TrustError> {
        let (_, from) = self.member_below(caller, user).await?;
        caller.outranks(role)?;
        let tenant = caller.tenant.clone();
        let changes = [
            TrustChange::SetRole { tenant: tenant.clone(), user, from, to: role },
            TrustChange::KeepOwner { tenant },
            TrustChange::EndSessions { user, except: None },
        ];
        let details = serde_json::json!({ "from": from, "to": role });
        let line = self.caller_line(caller, AuditAction::RoleChanged, &user.to_string(), &details, now);
        self.with_an_owner_left(&changes, &[line], 1).await
    }

    /// Takes somebody out of the tenant. Their login stays, for they may belong to others.
    pub async fn remove_member(&self, caller: &Caller, user: UserId, now: Instant) -> Result<(), TrustError> {
        let (_, role) = self.member_below(caller, user).await?;
        let tenant = caller.tenant.clone();
        let changes = [
            TrustChange::RemoveMember { tenant: tenant.clone(), user, role },
            TrustChange::KeepOwner { tenant },
            TrustChange::EndSessions { user, except: None },
        ];
        let details = serde_json::json!({ "role": role });
        let line = self.caller_line(caller, AuditAction::MemberRemoved, &user.to_string(), &details, now);
        self.with_an_owner_left(&changes, &[line], 1).await
    }

    /// Keeps somebody from signing in, or lets them again. What they did and made stays.
    pub async fn set_disabled(&self, caller: &Caller, user: UserId, disabled: bool, now: Instant) -> Result<(), TrustError> {
        self.only_here(caller, user).await?;
        let mut changes = vec![TrustChange::SetDisabled { user, disabled }, TrustChange::EndSessions { user, except: None }];
        // Each tenant that the person owns needs another owner.
        for (tenant, _, role) in self.journal().memberships(user).await? {
            if disabled && role == Role::Owner {
                changes.push(TrustChange::KeepOwner { tenant });
            }
        }
        let action = if disabled { AuditAction::UserDisabled } else { AuditAction::UserEnabled };
        let line = self.caller_line(caller, action, &user.to_string(), &serde_json::Value::Null, now);
        self.with_an_owner_left(&changes, &[line], 2).await
    }

    /// For somebody who lost their telephone.
    pub async fn remove_second_factor(&self, caller: &Caller, user: UserId, now: Instant) -> Result<(), TrustError> {
        self.only_here(caller, user).await?;
        let mut changes = super::second_factor::removal(user);
        changes.push(TrustChange::EndSessions { user, except: None });
        let details = serde_json::Value::Null;
        let line = self.caller_line(caller, AuditAction::SecondFactorRemoved, &user.to_string(), &details, now);
        self.commit(&changes, &[line]).await
    }

    /// A link by which somebody can choose a new password, once. It takes the place of older ones.
    pub async fn make_reset_link(&self, caller: &Caller, user: UserId, now: Instant) -> Result<SecretText, TrustError> {
        self.only_here(caller, user).await?;
        let (token, hash) = Door::ResetLink.make(self.randomness());
        let ends_at = now.plus_seconds(self.rules().reset_hours * 3_600);
        let details = serde_json::Value::Null;
        let line = self.caller_line(caller, AuditAction::ResetLinkMade, &user.to_string(), &details, now);
        self.commit(&[TrustChange::AddResetLink { hash, user, ends_at }], &[line]).await?;
        Ok(token)
    }

    /// Whose password a link changes.
    pub async fn look_at_reset_link(&self, token: &str, now: Instant) -> Result<Login, TrustError> {
        Ok(self.user_of_reset_link(token, now).await?.login)
    }

    /// The new password that a link is for. All sessions end; signing in is another step, second factor and all.
    pub async fn reset_password(&self, token: &str, new: &str, origin: &Origin, now: Instant) -> Result<(), TrustError> {
        let user = self.user_of_reset_link(token, now).await?;
        let password = self.passwords().hash(&Password::parse(new, &user.login)?).await?;
        let mut changes = vec![TrustChange::UseResetLink { hash: Door::ResetLink.hash(token), now }];
        changes.extend(self.new_password(&user, password, false));
        let who = Who::User(user.id);
        let (subject, details) = (user.id.to_string(), serde_json::Value::Null);
        let lines = self.user_lines(user.id, &who, AuditAction::PasswordReset, &subject, details, origin, now).await?;
        match self.journal().change_trust(&changes, &lines).await? {
            Applied::Done => Ok(()),
            Applied::Refused(_) => Err(TrustError::LinkExpired),
        }
    }

    /// At the terminal: a new user with a one-time password, and a role in the caller's tenant.
    pub async fn add_user(&self, caller: &Caller, new: &AddUser, now: Instant) -> Result<(User, SecretText), TrustError> {
        require_terminal(caller)?;
        let (user, password) = self.made_user(new, now).await?;
        let changes = [
            TrustChange::AddUser(Box::new(user.clone())),
            TrustChange::AddMember { tenant: caller.tenant.clone(), user: user.id, role: new.role, since: now },
        ];
        let details = serde_json::json!({ "role": new.role, "operator": new.operator });
        let line = self.caller_line(caller, AuditAction::UserAdded, &user.id.to_string(), &details, now);
        match self.journal().change_trust(&changes, &[line]).await? {
            Applied::Done => Ok((User::of(&user), password)),
            Applied::Refused(_) => Err(TrustError::Exists { what: "login" }),
        }
    }

    /// At the terminal: somebody with a login gets a role in the caller's tenant, the first or another.
    pub async fn put_role(&self, caller: &Caller, user: UserId, role: Role, now: Instant) -> Result<(), TrustError> {
        require_terminal(caller)?;
        let memberships = self.journal().memberships(user).await?;
        if memberships.iter().any(|(tenant, ..)| *tenant == caller.tenant) {
            return self.set_role(caller, user, role, now).await;
        }
        let change = TrustChange::AddMember { tenant: caller.tenant.clone(), user, role, since: now };
        let details = serde_json::json!({ "role": role });
        let line = self.caller_line(caller, AuditAction::MemberAdded, &user.to_string(), &details, now);
        self.commit(&[change], &[line]).await
    }

    /// At the terminal: may somebody do what reaches beyond one tenant?
    pub async fn set_operator(&self, caller: &Caller, user: UserId, operator: bool, now: Instant) -> Result<(), TrustError> {
        require_terminal(caller)?;
        let details = serde_json::json!({ "operator": operator });
        let line = self.caller_line(caller, AuditAction::OperatorChanged, &user.to_string(), &details, now);
        self.commit(&[TrustChange::SetOperator { user, operator }], &[line]).await
    }

    /// At the terminal: a one-time password for somebody who has forgotten theirs. It frees a login that strangers keep waiting, too.
    pub async fn set_one_time_password(&self, caller: &Caller, user: UserId, now: Instant) -> Result<SecretText, TrustError> {
        require_terminal(caller)?;
        let user = self.journal().user(user).await?.ok_or(TrustError::NotFound { what: "user" })?;
        let once = one_time_password(self);
        let password = self.passwords().hash(&Password::made(once.show())).await?;
        let details = serde_json::Value::Null;
        let line = self.caller_line(caller, AuditAction::PasswordReset, &user.id.to_string(), &details, now);
        self.commit(&self.new_password(&user, password, true), &[line]).await?;
        Ok(once)
    }

    /// The owner of a store that has no user yet; and for a store that has one user only, the tenants to which nobody belongs.
    pub(super) async fn first_owner(&self, now: Instant) -> Result<Option<FirstOwner>, TrustError> {
        let users = self.journal().users().await?;
        let forlorn = self.journal().tenants_without_members().await?;
        let origin = Origin::default();
        let membership = |tenant: &TenantId, user: UserId| {
            (
                TrustChange::AddMember { tenant: tenant.clone(), user, role: Role::Owner, since: now },
                self.line(Some(tenant), &Who::Kith, AuditAction::MemberAdded, &user.to_string(), &origin, now),
            )
        };
        if let [only] = users.as_slice() {
            let (changes, lines): (Vec<_>, Vec<_>) = forlorn.iter().map(|tenant| membership(tenant, only.id)).unzip();
            if only.operator && !changes.is_empty() {
                self.commit(&changes, &lines).await?;
            }
        }
        if !users.is_empty() {
            return Ok(None);
        }
        let tenants = self.journal().tenants().await?;
        let login = Login::parse(FIRST_LOGIN).map_err(|_| TrustError::Interrupted)?;
        let language = tenants.first().map_or(Language::En, |tenant| tenant.language);
        let new = AddUser { login, name: "Owner".to_owned(), language, role: Role::Owner, operator: true };
        let (user, password) = self.made_user(&new, now).await?;
        let (members, mut lines): (Vec<_>, Vec<_>) = forlorn.iter().map(|tenant| membership(tenant, user.id)).unzip();
        lines.push(self.line(None, &Who::Kith, AuditAction::UserAdded, &user.id.to_string(), &origin, now));
        let mut changes = vec![TrustChange::AddUser(Box::new(user))];
        changes.extend(members);
        match self.journal().change_trust(&changes, &lines).await? {
            Applied::Done => Ok(Some(FirstOwner { login: new.login, password })),
            // Another process was faster, and has said the password.
            Applied::Refused(_) => Ok(None),
        }
    }

    async fn made_user(&self, new: &AddUser, now: Instant) -> Result<(StoredUser, SecretText), TrustError> {
        let once = one_time_password(self);
        let password = self.passwords().hash(&Password::made(once.show())).await?;
        let user = StoredUser {
            must_change_password: true,
            operator: new.operator,
            ..self.new_user(new.login.clone(), display_name(&new.name)?, new.language, password, now)
        };
        Ok((user, once))
    }

    pub(super) fn new_user(&self, login: Login, name: String, language: Language, password: String, now: Instant) -> StoredUser {
        // 47 bits: enough that two never meet, and exact in every reader.
        let number = i64::from_le_bytes(self.randomness().bytes::<8>()) & ((1 << 47) - 1);
        StoredUser {
            id: UserId(number.max(1)),
            login,
            name,
            language,
            password,
            must_change_password: false,
            disabled: false,
            operator: false,
            totp_since: None,
            totp_step: 0,
            created_at: now,
        }
    }

    /// A new password makes everything worthless that the old one opened.
    fn new_password(&self, user: &StoredUser, password: String, must_change: bool) -> Vec<TrustChange> {
        let (scope, subject) = super::throttle::Scope::Account.of(user.login.as_str().as_bytes());
        vec![
            TrustChange::SetPassword { user: user.id, password, must_change },
            TrustChange::EndSessions { user: user.id, except: None },
            TrustChange::ForgetDevices { user: user.id },
            TrustChange::ForgetAttempts { scope: scope.as_str(), subject },
        ]
    }

    async fn user_of_reset_link(&self, token: &str, now: Instant) -> Result<StoredUser, TrustError> {
        let id = self.journal().reset_link(&Door::ResetLink.hash(token), now).await?.ok_or(TrustError::LinkExpired)?;
        let user = self.journal().user(id).await?.ok_or(TrustError::LinkExpired)?;
        if user.disabled { Err(TrustError::LinkExpired) } else { Ok(user) }
    }

    /// Somebody of the caller's tenant whom the caller may manage, and as what.
    async fn member_below(&self, caller: &Caller, user: UserId) -> Result<(StoredUser, Role), TrustError> {
        caller.require_person(Permission::ManageUsers)?;
        let memberships = self.journal().memberships(user).await?;
        let found = memberships.iter().find(|(tenant, ..)| *tenant == caller.tenant);
        let role = found.ok_or(TrustError::NotFound { what: "user" })?.2;
        caller.outranks(role)?;
        let user = self.journal().user(user).await?.ok_or(TrustError::NotFound { what: "user" })?;
        Ok((user, role))
    }

    /// The same, of somebody who belongs to no other tenant; an operator's password and factor are the terminal's.
    async fn only_here(&self, caller: &Caller, user: UserId) -> Result<(), TrustError> {
        if matches!(caller.who, Who::Terminal(_)) {
            let found = self.journal().user(user).await?;
            return found.map(drop).ok_or(TrustError::NotFound { what: "user" });
        }
        let (found, _) = self.member_below(caller, user).await?;
        let elsewhere = self.journal().memberships(user).await?.iter().any(|(tenant, ..)| *tenant != caller.tenant);
        if elsewhere || (found.operator && !caller.operator) { Err(TrustError::OtherTenants) } else { Ok(()) }
    }

    async fn with_an_owner_left(
        &self,
        changes: &[TrustChange],
        lines: &[kith_journal::trust::NewAuditLine],
        owner_from: usize,
    ) -> Result<(), TrustError> {
        match self.journal().change_trust(changes, lines).await? {
            Applied::Done => Ok(()),
            Applied::Refused(place) if place >= owner_from => Err(TrustError::LastOwner),
            Applied::Refused(_) => Err(TrustError::Conflict { what: "the user" }),
        }
    }
}

fn one_time_password(trust: &Trust) -> SecretText {
    typed::<4, 5>(trust.randomness())
}

const fn require_terminal(caller: &Caller) -> Result<(), TrustError> {
    match caller.who {
        Who::Terminal(_) => Ok(()),
        _ => Err(TrustError::Forbidden { permission: Permission::ManageStore }),
    }
}

/// What the roles allow, for pages that show it.
#[must_use]
pub fn table_of_roles() -> Vec<(Role, Permissions)> {
    Role::ALL.into_iter().map(|role| (role, role.permissions())).collect()
}

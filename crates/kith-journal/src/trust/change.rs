//! Changes of trust, each one statement with what must hold for it, applied together.

use kith_core::{Instant, Language, Role, Tenant, TenantId, UserId};

use super::audit::{self, NewAuditLine};
use super::{SecretHash, StoredInvitation, StoredSecret, StoredSession, StoredTicket, StoredToken, StoredUser, StoredView};
use crate::sql::{Tx, Value, args};
use crate::{Journal, JournalError};

/// One change. Where it says "only if", it is refused when that does not hold, and with it the whole list.
#[derive(Clone)]
pub enum TrustChange {
    /// Only if the login is free.
    AddUser(Box<StoredUser>),
    SetPassword {
        user: UserId,
        password: String,
        must_change: bool,
    },
    SetProfile {
        user: UserId,
        name: String,
        language: Language,
    },
    SetDisabled {
        user: UserId,
        disabled: bool,
    },
    SetOperator {
        user: UserId,
        operator: bool,
    },
    /// Only if the tenant is new.
    AddTenant(Box<Tenant>),
    /// Only if the user does not belong to the tenant yet.
    AddMember {
        tenant: TenantId,
        user: UserId,
        role: Role,
        since: Instant,
    },
    /// Only if the role is still `from`.
    SetRole {
        tenant: TenantId,
        user: UserId,
        from: Role,
        to: Role,
    },
    /// Only if the role is still `role`.
    RemoveMember {
        tenant: TenantId,
        user: UserId,
        role: Role,
    },
    /// Changes nothing; only if somebody who can sign in is left as an owner.
    KeepOwner {
        tenant: TenantId,
    },

    /// From now on codes are asked for, later than the one of this step; only if they were not yet.
    BeginTotp {
        user: UserId,
        since: Instant,
        step: i64,
    },
    /// Only if no code of this step or a later one was used.
    UseTotpStep {
        user: UserId,
        step: i64,
    },
    EndTotp {
        user: UserId,
    },
    SetRecoveryCodes {
        user: UserId,
        codes: Vec<SecretHash>,
    },
    /// Only if the code is there: it is gone afterwards.
    UseRecoveryCode {
        user: UserId,
        code: SecretHash,
    },

    AddSession(Box<StoredSession>),
    /// Only if it is there.
    EndSession {
        user: UserId,
        id: String,
    },
    EndSessions {
        user: UserId,
        except: Option<String>,
    },
    AddTicket(StoredTicket),
    /// Only if it is there and has not ended: it is gone afterwards.
    UseTicket {
        hash: SecretHash,
        now: Instant,
    },
    AddDevice {
        hash: SecretHash,
        user: UserId,
        ends_at: Instant,
    },
    ForgetDevices {
        user: UserId,
    },
    /// The attempts on a subject count no more.
    ForgetAttempts {
        scope: &'static str,
        subject: [u8; 32],
    },
    /// One attempt on a subject was none.
    GiveBackAttempt {
        scope: &'static str,
        subject: [u8; 32],
    },

    AddInvitation(Box<StoredInvitation>),
    /// Only if it is open.
    UseInvitation {
        id: String,
        now: Instant,
    },
    /// Only if it is open.
    WithdrawInvitation {
        tenant: TenantId,
        id: String,
        now: Instant,
    },
    /// Takes the place of older ones.
    AddResetLink {
        hash: SecretHash,
        user: UserId,
        ends_at: Instant,
    },
    /// Only if it is there and has not ended: it is gone afterwards.
    UseResetLink {
        hash: SecretHash,
        now: Instant,
    },

    AddToken(Box<StoredToken>),
    /// Only if it is not revoked yet.
    RevokeToken {
        tenant: TenantId,
        id: String,
        now: Instant,
    },

    /// Only if its key is the one that seals now.
    PutSecret {
        tenant: Option<TenantId>,
        secret: StoredSecret,
    },
    DeleteSecret {
        tenant: Option<TenantId>,
        name: String,
    },
    /// The first key of all, or the next one.
    SealWith {
        key_id: String,
    },

    /// Adds a view, or changes all but its id and tenant; only if it is the owner's.
    PutView {
        tenant: TenantId,
        view: StoredView,
    },
    /// Only if it is there.
    DeleteView {
        tenant: TenantId,
        id: String,
    },
}

/// What became of a list of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Applied {
    Done,
    /// Nothing was changed, because what must hold for the change at this place does not.
    Refused(usize),
}

impl Journal {
    /// Makes all of these changes and writes down the lines, in one transaction.
    pub async fn change_trust(&self, changes: &[TrustChange], lines: &[NewAuditLine]) -> Result<Applied, JournalError> {
        let mut tx = self.begin().await?;
        for (n, change) in changes.iter().enumerate() {
            if !apply(&mut tx, change).await? {
                return Ok(Applied::Refused(n));
            }
        }
        audit::write(&mut tx, lines).await?;
        tx.commit().await?;
        Ok(Applied::Done)
    }
}

/// The number of a tenant, inside a statement.
const TENANT: &str = "(SELECT n FROM tenants WHERE id = $1)";

/// Makes one change; `false` where it must not be.
async fn apply(tx: &mut Tx, change: &TrustChange) -> Result<bool, JournalError> {
    use TrustChange as C;
    // Most changes are one statement, which either has to find its row or not.
    let (sql, values, found): (String, Vec<Value>, bool) = match change {
        C::AddUser(user) => return add_user(tx, user).await,
        C::SetRecoveryCodes { user, codes } => {
            tx.execute("DELETE FROM recovery_codes WHERE user_id = $1", args![user.0]).await?;
            for code in codes {
                tx.execute("INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)", args![user.0, &code[..]]).await?;
            }
            return Ok(true);
        }
        C::AddTenant(tenant) => (format!("{} DO NOTHING", crate::tenant::INSERT), crate::tenant::values(tenant), true),
        C::KeepOwner { tenant } => return keeps_owner(tx, tenant).await,
        C::AddSession(session) => return add_session(tx, session).await.map(|()| true),
        C::AddInvitation(invitation) => return add_invitation(tx, invitation).await.map(|()| true),
        C::AddToken(token) => return add_token(tx, token).await.map(|()| true),
        C::PutSecret { tenant, secret } => return put_secret(tx, tenant.as_ref(), secret).await,
        C::PutView { tenant, view } => return put_view(tx, tenant, view).await,
        C::AddResetLink { hash, user, ends_at } => {
            tx.execute("DELETE FROM reset_links WHERE user_id = $1", args![user.0]).await?;
            let sql = "INSERT INTO reset_links (hash, user_id, ends_at) VALUES ($1, $2, $3)";
            (sql.into(), args![&hash[..], user.0, ends_at.micros()], true)
        }

        C::SetPassword { user, password, must_change } => (
            "UPDATE users SET password = $2, must_change = $3 WHERE id = $1".into(),
            args![user.0, password, i64::from(*must_change)],
            true,
        ),
        C::SetProfile { user, name, language } => {
            ("UPDATE users SET name = $2, language = $3 WHERE id = $1".into(), args![user.0, name, language.as_str()], true)
        }
        C::SetDisabled { user, disabled } => {
            ("UPDATE users SET disabled = $2 WHERE id = $1".into(), args![user.0, i64::from(*disabled)], true)
        }
        C::SetOperator { user, operator } => {
            ("UPDATE users SET operator = $2 WHERE id = $1".into(), args![user.0, i64::from(*operator)], true)
        }
        C::AddMember { tenant, user, role, since } => (
            format!(
                "INSERT INTO memberships (tenant, user_id, role, since) VALUES ({TENANT}, $2, $3, $4) \
                 ON CONFLICT (tenant, user_id) DO NOTHING"
            ),
            args![tenant.as_str(), user.0, role.as_str(), since.micros()],
            true,
        ),
        C::SetRole { tenant, user, from, to } => (
            format!("UPDATE memberships SET role = $4 WHERE tenant = {TENANT} AND user_id = $2 AND role = $3"),
            args![tenant.as_str(), user.0, from.as_str(), to.as_str()],
            true,
        ),
        C::RemoveMember { tenant, user, role } => (
            format!("DELETE FROM memberships WHERE tenant = {TENANT} AND user_id = $2 AND role = $3"),
            args![tenant.as_str(), user.0, role.as_str()],
            true,
        ),

        C::BeginTotp { user, since, step } => (
            "UPDATE users SET totp_since = $2, totp_step = $3 WHERE id = $1 AND totp_since IS NULL".into(),
            args![user.0, since.micros(), *step],
            true,
        ),
        C::UseTotpStep { user, step } => (
            "UPDATE users SET totp_step = $2 WHERE id = $1 AND totp_since IS NOT NULL AND totp_step < $2".into(),
            args![user.0, *step],
            true,
        ),
        C::EndTotp { user } => ("UPDATE users SET totp_since = NULL, totp_step = 0 WHERE id = $1".into(), args![user.0], true),
        C::UseRecoveryCode { user, code } => {
            ("DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2".into(), args![user.0, &code[..]], true)
        }

        C::EndSession { user, id } => ("DELETE FROM sessions WHERE user_id = $1 AND id = $2".into(), args![user.0, id], true),
        C::EndSessions { user, except } => {
            let sql = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
            (sql.into(), args![user.0, except.as_deref().unwrap_or_default()], false)
        }
        C::AddTicket(ticket) => (
            "INSERT INTO sign_in_tickets (hash, user_id, ends_at) VALUES ($1, $2, $3)".into(),
            args![&ticket.hash[..], ticket.user.0, ticket.ends_at.micros()],
            true,
        ),
        C::UseTicket { hash, now } => {
            ("DELETE FROM sign_in_tickets WHERE hash = $1 AND ends_at > $2".into(), args![&hash[..], now.micros()], true)
        }
        C::AddDevice { hash, user, ends_at } => {
            let sql = "INSERT INTO devices (hash, user_id, ends_at) VALUES ($1, $2, $3)";
            tx.execute(sql, args![&hash[..], user.0, ends_at.micros()]).await?;
            // Every sign-in adds one: the latest few are enough.
            let sql = "DELETE FROM devices WHERE user_id = $1 AND hash NOT IN \
                 (SELECT hash FROM devices WHERE user_id = $1 ORDER BY ends_at DESC, hash LIMIT 20)";
            (sql.into(), args![user.0], false)
        }
        C::ForgetDevices { user } => ("DELETE FROM devices WHERE user_id = $1".into(), args![user.0], false),
        C::ForgetAttempts { scope, subject } => {
            ("DELETE FROM attempts WHERE scope = $1 AND subject = $2".into(), args![*scope, &subject[..]], false)
        }
        C::GiveBackAttempt { scope, subject } => (
            "UPDATE attempts SET failures = failures - 1 WHERE scope = $1 AND subject = $2 AND failures > 0".into(),
            args![*scope, &subject[..]],
            false,
        ),

        C::UseInvitation { id, now } => (
            "UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND withdrawn_at IS NULL AND ends_at > $2"
                .into(),
            args![id, now.micros()],
            true,
        ),
        C::WithdrawInvitation { tenant, id, now } => (
            format!(
                "UPDATE invitations SET withdrawn_at = $3 WHERE tenant = {TENANT} AND id = $2 AND used_at IS NULL \
                 AND withdrawn_at IS NULL AND ends_at > $3"
            ),
            args![tenant.as_str(), id, now.micros()],
            true,
        ),
        C::UseResetLink { hash, now } => {
            ("DELETE FROM reset_links WHERE hash = $1 AND ends_at > $2".into(), args![&hash[..], now.micros()], true)
        }
        C::RevokeToken { tenant, id, now } => (
            format!("UPDATE api_tokens SET revoked_at = $3 WHERE tenant = {TENANT} AND id = $2 AND revoked_at IS NULL"),
            args![tenant.as_str(), id, now.micros()],
            true,
        ),

        C::DeleteSecret { tenant, name } => {
            let n = number_of(tx, tenant.as_ref()).await?;
            ("DELETE FROM secrets WHERE tenant = $1 AND name = $2".into(), args![n, name], false)
        }
        C::SealWith { key_id } => (
            "INSERT INTO vault (n, key_id) VALUES (1, $1) ON CONFLICT (n) DO UPDATE SET key_id = excluded.key_id".into(),
            args![key_id],
            true,
        ),

        C::DeleteView { tenant, id } => {
            (format!("DELETE FROM saved_views WHERE tenant = {TENANT} AND id = $2"), args![tenant.as_str(), id], true)
        }
    };
    let touched = tx.execute(sql, values).await?;
    Ok(touched > 0 || !found)
}

/// The number of a tenant, as this transaction sees it; 0 is the store as a whole.
pub(super) async fn number_of(tx: &mut Tx, tenant: Option<&TenantId>) -> Result<i64, JournalError> {
    let Some(tenant) = tenant else { return Ok(0) };
    let n = tx.row("SELECT n FROM tenants WHERE id = $1", args![tenant.as_str()], |row| row.int(0)).await?;
    n.ok_or_else(|| JournalError::NotFound { what: format!("tenant `{tenant}`") })
}

async fn add_user(tx: &mut Tx, user: &StoredUser) -> Result<bool, JournalError> {
    let sql = "INSERT INTO users (id, login, name, language, password, must_change, disabled, operator, totp_since, totp_step, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (login) DO NOTHING";
    let values = args![
        user.id.0,
        user.login.as_str(),
        &user.name,
        user.language.as_str(),
        &user.password,
        i64::from(user.must_change_password),
        i64::from(user.disabled),
        i64::from(user.operator),
        user.totp_since.map(Instant::micros),
        user.totp_step,
        user.created_at.micros()
    ];
    Ok(tx.execute(sql, values).await? > 0)
}

async fn keeps_owner(tx: &mut Tx, tenant: &TenantId) -> Result<bool, JournalError> {
    // Two owners who step down at once take turns here: each must see what the other did.
    tx.execute("UPDATE tenants SET name = name WHERE id = $1", args![tenant.as_str()]).await?;
    let sql = format!(
        "SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id \
         WHERE m.tenant = {TENANT} AND m.role = 'owner' AND u.disabled = 0"
    );
    Ok(tx.row(sql, args![tenant.as_str()], |row| row.int(0)).await?.unwrap_or_default() > 0)
}

async fn add_session(tx: &mut Tx, session: &StoredSession) -> Result<(), JournalError> {
    let sql = "INSERT INTO sessions (tenant, id, hash, user_id, created_at, last_seen_at, idle_ends_at, ends_at, address, agent) \
         VALUES ((SELECT n FROM tenants WHERE id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = args![
        session.tenant.as_ref().map_or("", TenantId::as_str),
        &session.id,
        &session.hash[..],
        session.user.0,
        session.created_at.micros(),
        session.last_seen_at.micros(),
        session.idle_ends_at.micros(),
        session.ends_at.micros(),
        &session.address,
        &session.agent
    ];
    tx.execute(sql, values).await.map(drop)
}

async fn add_invitation(tx: &mut Tx, new: &StoredInvitation) -> Result<(), JournalError> {
    let sql = format!(
        "INSERT INTO invitations (tenant, id, hash, name, role, made_by, created_at, ends_at) \
         VALUES ({TENANT}, $2, $3, $4, $5, $6, $7, $8)"
    );
    let values = args![
        new.tenant.as_str(),
        &new.id,
        &new.hash[..],
        &new.name,
        new.role.as_str(),
        new.made_by.map(|user| user.0),
        new.created_at.micros(),
        new.ends_at.micros()
    ];
    tx.execute(sql, values).await.map(drop)
}

async fn add_token(tx: &mut Tx, new: &StoredToken) -> Result<(), JournalError> {
    let sql = format!(
        "INSERT INTO api_tokens (tenant, id, hash, name, scopes, made_by, created_at, ends_at) \
         VALUES ({TENANT}, $2, $3, $4, $5, $6, $7, $8)"
    );
    let values = args![
        new.tenant.as_str(),
        &new.id,
        &new.hash[..],
        &new.name,
        new.scopes.to_string(),
        new.made_by.0,
        new.created_at.micros(),
        new.ends_at.map(Instant::micros)
    ];
    tx.execute(sql, values).await.map(drop)
}

/// A process that has not heard of a new key yet must not seal with the old one: the row of the vault is held until the end.
async fn put_secret(tx: &mut Tx, tenant: Option<&TenantId>, secret: &StoredSecret) -> Result<bool, JournalError> {
    let sql = "UPDATE vault SET key_id = key_id WHERE n = 1 AND key_id = $1";
    if tx.execute(sql, args![&secret.key_id]).await? == 0 {
        return Ok(false);
    }
    let n = number_of(tx, tenant).await?;
    let sql = "INSERT INTO secrets (tenant, name, key_id, body, changed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, name) \
         DO UPDATE SET key_id = excluded.key_id, body = excluded.body, changed_at = excluded.changed_at";
    let values = args![n, &secret.name, &secret.key_id, &secret.body[..], secret.changed_at.micros()];
    Ok(tx.execute(sql, values).await? > 0)
}

async fn put_view(tx: &mut Tx, tenant: &TenantId, view: &StoredView) -> Result<bool, JournalError> {
    let sql = format!(
        "INSERT INTO saved_views (tenant, id, owner, name, page, search, shared, changed_at) VALUES ({TENANT}, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, page = excluded.page, search = excluded.search, shared = excluded.shared, \
         changed_at = excluded.changed_at WHERE saved_views.tenant = excluded.tenant AND saved_views.owner = excluded.owner"
    );
    let values = args![
        tenant.as_str(),
        &view.id,
        view.owner.0,
        &view.name,
        &view.page,
        &view.search,
        i64::from(view.shared),
        view.changed_at.micros()
    ];
    Ok(tx.execute(sql, values).await? > 0)
}

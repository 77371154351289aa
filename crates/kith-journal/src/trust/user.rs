//! Users and their memberships, as they are read.

use kith_core::{Instant, Language, Login, Role, TenantId, UserId};

use super::wrong;
use crate::import::{instant, maybe_instant};
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

/// A user with what the store keeps of their password. Never shown: see the desk for what is.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredUser {
    pub id: UserId,
    pub login: Login,
    pub name: String,
    pub language: Language,
    /// Argon2id in PHC notation.
    pub password: String,
    pub must_change_password: bool,
    pub disabled: bool,
    pub operator: bool,
    pub totp_since: Option<Instant>,
    pub totp_step: i64,
    pub created_at: Instant,
}

/// A user's place in a tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredMember {
    pub user: StoredUser,
    pub role: Role,
    pub since: Instant,
    pub last_seen_at: Option<Instant>,
}

pub(super) const USER: &str = "u.id, u.login, u.name, u.language, u.password, u.must_change, u.disabled, u.operator, u.totp_since, \
     u.totp_step, u.created_at";
/// How many columns [`USER`] has.
pub(super) const USER_WIDTH: usize = 11;

impl Journal {
    pub async fn user(&self, id: UserId) -> Result<Option<StoredUser>, JournalError> {
        self.pool().row(format!("SELECT {USER} FROM users u WHERE u.id = $1"), args![id.0], |row| user(row, 0)).await
    }

    pub async fn user_by_login(&self, login: &Login) -> Result<Option<StoredUser>, JournalError> {
        self.pool().row(format!("SELECT {USER} FROM users u WHERE u.login = $1"), args![login.as_str()], |row| user(row, 0)).await
    }

    /// All users of the store, by login.
    pub async fn users(&self) -> Result<Vec<StoredUser>, JournalError> {
        self.pool().rows(format!("SELECT {USER} FROM users u ORDER BY u.login"), args![], |row| user(row, 0)).await
    }

    /// Everybody of a tenant, by login.
    pub async fn members(&self, tenant: &TenantId) -> Result<Vec<StoredMember>, JournalError> {
        let n = self.tenant_number(tenant).await?;
        let sql = format!(
            "SELECT {USER}, m.role, m.since, (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) \
             FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.tenant = $1 ORDER BY u.login"
        );
        let read = |row: &Row| {
            Ok(StoredMember {
                user: user(row, 0)?,
                role: role(&row.text(USER_WIDTH)?)?,
                since: instant(row.int(USER_WIDTH + 1)?)?,
                last_seen_at: maybe_instant(row.maybe_int(USER_WIDTH + 2)?)?,
            })
        };
        self.pool().rows(sql, args![n], read).await
    }

    /// Where a user belongs and as what, by the tenant's id.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<(TenantId, String, Role)>, JournalError> {
        let sql =
            "SELECT t.id, t.name, m.role FROM memberships m JOIN tenants t ON t.n = m.tenant WHERE m.user_id = $1 ORDER BY t.id";
        self.pool()
            .rows(sql, args![user.0], |row| {
                Ok((super::tenant_of(&row.text(0)?, "memberships")?, row.text(1)?, role(&row.text(2)?)?))
            })
            .await
    }

    /// Tenants to which nobody belongs, by id.
    pub async fn tenants_without_members(&self) -> Result<Vec<TenantId>, JournalError> {
        let sql = "SELECT t.id FROM tenants t WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.tenant = t.n) ORDER BY t.id";
        self.pool().rows(sql, args![], |row| super::tenant_of(&row.text(0)?, "tenants")).await
    }

    pub async fn recovery_codes_left(&self, user: UserId) -> Result<u64, JournalError> {
        let sql = "SELECT count(*) FROM recovery_codes WHERE user_id = $1";
        Ok(self.pool().row(sql, args![user.0], |row| row.count(0)).await?.unwrap_or_default())
    }
}

pub(super) fn user(row: &Row, from: usize) -> Result<StoredUser, JournalError> {
    let wrong = wrong("users");
    let language = row.text(from + 3)?;
    Ok(StoredUser {
        id: UserId(row.int(from)?),
        login: Login::parse(&row.text(from + 1)?).map_err(|error| wrong(error.to_string()))?,
        name: row.text(from + 2)?,
        language: Language::parse(&language).ok_or_else(|| wrong(format!("`{language}` is no language")))?,
        password: row.text(from + 4)?,
        must_change_password: row.int(from + 5)? != 0,
        disabled: row.int(from + 6)? != 0,
        operator: row.int(from + 7)? != 0,
        totp_since: maybe_instant(row.maybe_int(from + 8)?)?,
        totp_step: row.int(from + 9)?,
        created_at: instant(row.int(from + 10)?)?,
    })
}

pub(super) fn role(text: &str) -> Result<Role, JournalError> {
    Role::parse(text).ok_or_else(|| wrong("memberships")(format!("`{text}` is no role")))
}

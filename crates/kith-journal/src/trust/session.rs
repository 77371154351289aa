//! Sessions and what lies before them: the ticket between password and second factor, and browsers that are known.

use kith_core::{Instant, TenantId, UserId};

use super::user::{USER, user};
use super::{SecretHash, StoredUser, hash, tenant_of};
use crate::import::instant;
use crate::sql::{Row, args};
use crate::{Journal, JournalError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// By which people name it; it lets nobody in.
    pub id: String,
    pub hash: SecretHash,
    pub user: UserId,
    pub tenant: Option<TenantId>,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    /// Its end if it is not used before.
    pub idle_ends_at: Instant,
    /// Its end in any case.
    pub ends_at: Instant,
    pub address: String,
    pub agent: String,
}

/// A password was right; the second factor is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTicket {
    pub hash: SecretHash,
    pub user: UserId,
    pub ends_at: Instant,
}

const SESSION: &str =
    "s.id, s.hash, s.user_id, t.id, s.created_at, s.last_seen_at, s.idle_ends_at, s.ends_at, s.address, s.agent";
const SESSION_WIDTH: usize = 10;
const JOINED: &str = "FROM sessions s LEFT JOIN tenants t ON t.n = s.tenant";
/// A session that has not ended: `$2` is now.
const LIVES: &str = "s.ends_at > $2 AND s.idle_ends_at > $2";

impl Journal {
    /// The session with this hash and its user, unless it has ended or the user is disabled.
    pub async fn session_by_hash(
        &self,
        token: &SecretHash,
        now: Instant,
    ) -> Result<Option<(StoredSession, StoredUser)>, JournalError> {
        let sql = format!(
            "SELECT {SESSION}, {USER} {JOINED} JOIN users u ON u.id = s.user_id WHERE s.hash = $1 AND {LIVES} AND u.disabled = 0"
        );
        let read = |row: &Row| Ok((session(row)?, user(row, SESSION_WIDTH)?));
        self.pool().row(sql, args![&token[..], now.micros()], read).await
    }

    /// Sessions of a user that have not ended, last seen first.
    pub async fn sessions_of(&self, user: UserId, now: Instant) -> Result<Vec<StoredSession>, JournalError> {
        let sql = format!("SELECT {SESSION} {JOINED} WHERE s.user_id = $1 AND {LIVES} ORDER BY s.last_seen_at DESC, s.id");
        self.pool().rows(sql, args![user.0, now.micros()], session).await
    }

    /// Notes that a session is used, and moves its idle end. No line in the log: this is no act.
    pub async fn touch_session(&self, id: &str, now: Instant, idle_ends_at: Instant, address: &str) -> Result<(), JournalError> {
        let sql = "UPDATE sessions SET last_seen_at = $2, idle_ends_at = $3, address = $4 WHERE id = $1";
        let mut tx = self.begin().await?;
        tx.execute(sql, args![id, now.micros(), idle_ends_at.micros(), address]).await?;
        tx.commit().await
    }

    /// Which tenant a session looks at.
    pub async fn choose_tenant(&self, session: &str, tenant: &TenantId) -> Result<(), JournalError> {
        let n = self.tenant_number(tenant).await?;
        let mut tx = self.begin().await?;
        tx.execute("UPDATE sessions SET tenant = $2 WHERE id = $1", args![session, n]).await?;
        tx.commit().await
    }

    pub async fn ticket(&self, ticket: &SecretHash, now: Instant) -> Result<Option<StoredTicket>, JournalError> {
        let sql = "SELECT hash, user_id, ends_at FROM sign_in_tickets WHERE hash = $1 AND ends_at > $2";
        let read = |row: &Row| {
            let table = "sign_in_tickets";
            Ok(StoredTicket { hash: hash(&row.bytes(0)?, table)?, user: UserId(row.int(1)?), ends_at: instant(row.int(2)?)? })
        };
        self.pool().row(sql, args![&ticket[..], now.micros()], read).await
    }

    /// Has this user signed in from this browser before?
    pub async fn knows_device(&self, user: UserId, device: &SecretHash, now: Instant) -> Result<bool, JournalError> {
        let sql = "SELECT user_id FROM devices WHERE hash = $1 AND user_id = $2 AND ends_at > $3";
        Ok(self.pool().row(sql, args![&device[..], user.0, now.micros()], |row| row.int(0)).await?.is_some())
    }

    /// Forgets what has ended and can be of no use any more.
    pub async fn forget_ended(&self, now: Instant, attempts_before: Instant) -> Result<(), JournalError> {
        let mut tx = self.begin().await?;
        for sql in [
            "DELETE FROM sessions WHERE ends_at <= $1 OR idle_ends_at <= $1",
            "DELETE FROM sign_in_tickets WHERE ends_at <= $1",
            "DELETE FROM devices WHERE ends_at <= $1",
            "DELETE FROM reset_links WHERE ends_at <= $1",
            "DELETE FROM once_answers WHERE ends_at <= $1",
        ] {
            tx.execute(sql, args![now.micros()]).await?;
        }
        let sql = "DELETE FROM attempts WHERE last_at < $2 AND free_at <= $1";
        tx.execute(sql, args![now.micros(), attempts_before.micros()]).await?;
        tx.commit().await
    }
}

fn session(row: &Row) -> Result<StoredSession, JournalError> {
    Ok(StoredSession {
        id: row.text(0)?,
        hash: hash(&row.bytes(1)?, "sessions")?,
        user: UserId(row.int(2)?),
        tenant: row.maybe_text(3)?.map(|id| tenant_of(&id, "sessions")).transpose()?,
        created_at: instant(row.int(4)?)?,
        last_seen_at: instant(row.int(5)?)?,
        idle_ends_at: instant(row.int(6)?)?,
        ends_at: instant(row.int(7)?)?,
        address: row.text(8)?,
        agent: row.text(9)?,
    })
}

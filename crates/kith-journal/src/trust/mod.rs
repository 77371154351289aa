//! Who works with the store and what they may do: users, memberships, sessions, links, tokens, secrets, and the log of it all.
//!
//! A change of trust is a list of [`TrustChange`]s with its lines for the log: all of it happens in one transaction, or nothing. Whatever lets
//! somebody in comes here as a hash; what a hash is made of, this crate never sees.

mod attempt;
mod audit;
mod change;
mod invitation;
mod once;
mod secret;
mod session;
mod token;
mod user;
mod view;

#[cfg(test)]
mod story;

pub use attempt::{AttemptState, AttemptSubject};
pub use audit::{AuditLine, NewAuditLine};
pub use change::{Applied, TrustChange};
pub use invitation::StoredInvitation;
pub use once::{OnceClaim, OnceFound, OnceKey, StoredOnce};
pub use secret::StoredSecret;
pub use session::{StoredSession, StoredTicket};
pub use token::StoredToken;
pub use user::{StoredMember, StoredUser};
pub use view::StoredView;

/// What stands in the tables in place of a token, a code or a link.
pub type SecretHash = [u8; 32];

pub(crate) fn hash(bytes: &[u8], table: &'static str) -> Result<SecretHash, crate::JournalError> {
    bytes.try_into().map_err(|_| crate::JournalError::Unreadable { table, what: "a hash of another length".to_owned() })
}

pub(crate) fn wrong(table: &'static str) -> impl Fn(String) -> crate::JournalError {
    move |what| crate::JournalError::Unreadable { table, what }
}

/// The tenant behind a column that is its name, or the store as a whole.
pub(crate) fn tenant_of(text: &str, table: &'static str) -> Result<kith_core::TenantId, crate::JournalError> {
    kith_core::Slug::parse(text).map_err(|error| wrong(table)(error.to_string()))
}

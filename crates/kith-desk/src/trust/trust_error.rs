//! What can go wrong between somebody and the store, as that somebody sees it.

use kith_core::Permission;
use kith_journal::JournalError;

use super::{KeyError, PasswordError};

#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("nobody is signed in here, or the session has ended: sign in")]
    NotSignedIn,
    #[error("the API token is unknown, revoked or has ended: make a new one in the settings")]
    BadToken,
    #[error("the login name or the password is wrong")]
    WrongCredentials,
    #[error("the code is wrong, too old or was used before: wait for the next one and type that")]
    WrongCode,
    #[error("the sign-in took too long: begin again with your password")]
    TicketExpired,
    #[error("too many attempts: try again in {wait_s} s")]
    TooManyAttempts { wait_s: u64 },
    #[error("this password was for the first time only: choose your own before anything else")]
    MustChangePassword,
    #[error("the request does not come from a page of this Kith: load the page again")]
    Csrf,
    #[error("your role does not allow this ({permission}): ask an owner")]
    Forbidden { permission: Permission },
    #[error("this is for people who are signed in, not for an API token")]
    NotByToken,
    #[error("this is about somebody of your own rank or above: ask an owner")]
    Rank,
    #[error("this person works for other businesses of this store too: only the terminal of the store may do this (`kith user`)")]
    OtherTenants,
    #[error("there is no such business, or you do not belong to it")]
    NoMembership,
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    #[error("there is such a {what} already: choose another name")]
    Exists { what: &'static str },
    #[error("{what} was changed by somebody else meanwhile: look again and repeat")]
    Conflict { what: &'static str },
    #[error("a business needs an owner who can sign in: make somebody else an owner first")]
    LastOwner,
    #[error("the link was used, withdrawn or is too old: ask for a new one")]
    LinkExpired,
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("{what} cannot be so: {advice}")]
    Invalid { what: &'static str, advice: String },
    #[error("{what} of the store cannot be read: run `kith doctor`, and bring back the last backup of the database")]
    Damaged { what: &'static str },
    #[error("a thread of this process broke down: please report it; nothing is half done")]
    Interrupted,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl TrustError {
    /// A word for programs; it does not change when the sentence does.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "signed-out",
            Self::BadToken => "bad-token",
            Self::WrongCredentials => "wrong-password",
            Self::WrongCode => "second-factor-wrong",
            Self::TicketExpired | Self::LinkExpired => "expired",
            Self::TooManyAttempts { .. } => "too-many",
            Self::MustChangePassword => "must-change-password",
            Self::Csrf => "csrf",
            Self::Forbidden { .. } | Self::NotByToken | Self::Rank | Self::OtherTenants => "forbidden",
            Self::NoMembership | Self::NotFound { .. } => "not-found",
            Self::Exists { .. } => "exists",
            Self::Conflict { .. } | Self::LastOwner => "conflict",
            Self::Password(_) => "weak-password",
            Self::Invalid { .. } => "invalid",
            Self::Damaged { .. } | Self::Interrupted | Self::Key(_) | Self::Journal(_) => "internal",
        }
    }
}

//! The numbers of trust: how long things last, what a password costs, when attempts have to wait.

use super::throttle::{Patience, Scope};

/// How dear one password is to hash (Argon2id, one lane).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for HashCost {
    /// What OWASP's password storage page asks for at least (19 MiB, two passes): about 30 ms of a core.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustRules {
    /// A session ends so long after its last use …
    pub session_idle_hours: i64,
    /// … and so long after it began, used or not.
    pub session_days: i64,
    /// Between the password and the second factor.
    pub ticket_minutes: i64,
    /// So long a browser is known.
    pub device_days: i64,
    pub invitation_days: i64,
    pub reset_hours: i64,
    /// An answer to a request that may come twice is kept so long.
    pub once_hours: i64,
    /// Work that was claimed and not answered may be claimed again after so long.
    pub claim_minutes: i64,
    pub password: HashCost,
    /// Guesses of one account's password.
    pub account: Patience,
    /// The same in front of a browser that has signed in to it before.
    pub known_device: Patience,
    /// Guesses from one address, whatever the account.
    pub address: Patience,
    /// Guesses of the second factor.
    pub code: Patience,
}

impl Default for TrustRules {
    fn default() -> Self {
        Self {
            session_idle_hours: 72,
            session_days: 30,
            ticket_minutes: 5,
            device_days: 365,
            invitation_days: 7,
            reset_hours: 24,
            once_hours: 24,
            claim_minutes: 15,
            password: HashCost::default(),
            account: Patience { free: 5, first_s: 2, longest_s: 900, half_forgotten_s: 3_600 },
            known_device: Patience { free: 10, first_s: 2, longest_s: 300, half_forgotten_s: 3_600 },
            address: Patience { free: 20, first_s: 2, longest_s: 900, half_forgotten_s: 900 },
            code: Patience { free: 5, first_s: 5, longest_s: 900, half_forgotten_s: 3_600 },
        }
    }
}

impl TrustRules {
    pub(super) const fn patience(&self, scope: Scope) -> Patience {
        match scope {
            Scope::Account | Scope::OwnPassword => self.account,
            Scope::KnownDevice => self.known_device,
            Scope::Address => self.address,
            Scope::Code | Scope::KnownDeviceCode => self.code,
        }
    }
}

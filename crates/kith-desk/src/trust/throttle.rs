//! How long one has to wait after failed attempts: nothing at first, then twice as long each time, up to a limit; and it is forgotten.
//!
//! An attempt on an account counts on three things: the account, the address it comes from, and, in place of the account, the browser if
//! that browser has signed in to the account before. So a stranger who guesses makes other strangers wait, never the owner in front of
//! their own browser. The longest wait is minutes: nobody is locked out for good.

use std::net::{IpAddr, Ipv6Addr};

use kith_core::{Digest, Instant};
use kith_journal::trust::{AttemptState, AttemptSubject, SecretHash};

use super::{Origin, Trust, TrustError};

/// When attempts on one thing have to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// So many failures wait for nothing.
    pub free: u32,
    /// The first wait; each further failure doubles it …
    pub first_s: i64,
    /// … up to this.
    pub longest_s: i64,
    /// After so long, half of the failures are forgotten.
    pub half_forgotten_s: i64,
}

/// What counts attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Account,
    KnownDevice,
    Address,
    /// The second factor, by account.
    Code,
    /// The second factor, from a known browser.
    KnownDeviceCode,
    /// The old password of somebody who is signed in.
    OwnPassword,
}

impl Scope {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::KnownDevice => "device",
            Self::Address => "address",
            Self::Code => "code",
            Self::KnownDeviceCode => "device-code",
            Self::OwnPassword => "own-password",
        }
    }

    pub fn of(self, subject: &[u8]) -> (Self, [u8; 32]) {
        (self, Digest::new("trust attempt").with(self.as_str().as_bytes()).with(subject).id256())
    }
}

/// What holds after one more attempt at `now`, or until when it has to wait. Pure.
pub(super) fn one_more(patience: Patience, state: AttemptState, now: Instant) -> Result<AttemptState, Instant> {
    // A time that is further away than any wait was written by a clock that went wrong: it locks nobody out.
    if now < state.free_at && state.free_at <= now.plus_seconds(patience.longest_s) {
        return Err(state.free_at);
    }
    let since_s = (now.micros() - state.last_at.micros()).max(0) / 1_000_000;
    let halvings = u32::try_from(since_s / patience.half_forgotten_s.max(1)).unwrap_or(u32::MAX);
    let failures = state.failures.checked_shr(halvings).unwrap_or(0).saturating_add(1);
    let wait_s = match failures.checked_sub(patience.free) {
        None | Some(0) => 0,
        Some(over) => {
            1_i64.checked_shl((over - 1).min(40)).unwrap_or(i64::MAX).saturating_mul(patience.first_s).min(patience.longest_s)
        }
    };
    Ok(AttemptState { failures, last_at: now, free_at: now.plus_seconds(wait_s) })
}

/// An address as attempts count it: an IPv6 network of 64 bits is one customer's.
pub(super) fn network(address: Option<IpAddr>) -> Vec<u8> {
    match address.map(|address| address.to_canonical()) {
        None => b"unknown".to_vec(),
        Some(IpAddr::V4(address)) => address.octets().to_vec(),
        Some(IpAddr::V6(address)) => Ipv6Addr::octets(&address)[..8].to_vec(),
    }
}

impl Trust {
    /// Counts an attempt on all of these, or says how long to wait.
    pub(super) async fn take_attempt(&self, on: &[(Scope, [u8; 32])], now: Instant) -> Result<(), TrustError> {
        let subjects: Vec<AttemptSubject> =
            on.iter().map(|(scope, subject)| AttemptSubject { scope: scope.as_str(), subject: *subject }).collect();
        let next = |n: usize, state| one_more(self.rules().patience(on[n].0), state, now);
        match self.journal().take_attempts(&subjects, now, next).await? {
            Ok(()) => Ok(()),
            Err(until) => {
                let wait_s = u64::try_from((until.micros() - now.micros() + 999_999) / 1_000_000).unwrap_or(1).max(1);
                Err(TrustError::TooManyAttempts { wait_s })
            }
        }
    }

    /// What an attempt to sign in counts on.
    pub(super) fn sign_in_subjects(&self, login: &str, device: Option<&SecretHash>, origin: &Origin) -> [(Scope, [u8; 32]); 2] {
        let account = match device {
            Some(device) => Scope::KnownDevice.of(device),
            None => Scope::Account.of(login.as_bytes()),
        };
        [account, Scope::Address.of(&network(origin.ip()))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATIENCE: Patience = Patience { free: 5, first_s: 2, longest_s: 900, half_forgotten_s: 3_600 };

    fn at(second: i64) -> Instant {
        Instant::from_seconds(1_800_000_000 + second).unwrap()
    }

    fn fresh() -> AttemptState {
        AttemptState { failures: 0, last_at: at(0), free_at: at(0) }
    }

    #[test]
    fn the_first_failures_wait_for_nothing_and_the_following_twice_as_long_each() {
        let (mut state, mut now, mut waits) = (fresh(), at(0), Vec::new());
        for _ in 0..18 {
            state = one_more(PATIENCE, state, now).unwrap();
            waits.push((state.free_at.micros() - now.micros()) / 1_000_000);
            now = state.free_at;
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    }

    #[test]
    fn a_stranger_who_never_stops_gets_a_hundred_guesses_a_day() {
        let (mut state, mut guesses) = (fresh(), 0);
        for second in 0..10 * 86_400 {
            if let Ok(next) = one_more(PATIENCE, state, at(second)) {
                (state, guesses) = (next, guesses + 1);
            }
        }
        assert!(guesses < 10 * 110, "{guesses}");
    }

    #[test]
    fn a_clock_that_was_a_year_ahead_locks_nobody_out() {
        let ahead = AttemptState { failures: 40, last_at: at(31_536_000), free_at: at(31_536_900) };
        assert!(one_more(PATIENCE, ahead, at(0)).is_ok());
    }

    #[test]
    fn neighbours_of_one_ipv6_network_count_as_one() {
        let [one, other, far] = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"].map(|text| network(text.parse().ok()));
        assert_eq!(one, other);
        assert_ne!(one, far);
        assert_eq!(network("::ffff:192.0.2.1".parse().ok()), network("192.0.2.1".parse().ok()));
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_the_limit(failures in 0_u32.., since in 0_i64..10_000_000, free in 0_u32..50) {
            let patience = Patience { free, ..PATIENCE };
            let state = AttemptState { failures, last_at: at(0), free_at: at(0) };
            let next = one_more(patience, state, at(since)).unwrap();
            prop_assert!(next.free_at.micros() - at(since).micros() <= patience.longest_s * 1_000_000);
        }

        #[test]
        fn more_failures_never_wait_shorter(one in 0_u32..2_000, more in 0_u32..2_000, since in 0_i64..20_000) {
            let state = |failures| AttemptState { failures, last_at: at(0), free_at: at(0) };
            let few = one_more(PATIENCE, state(one), at(since)).unwrap();
            let many = one_more(PATIENCE, state(one.saturating_add(more)), at(since)).unwrap();
            prop_assert!(few.free_at <= many.free_at);
        }

        #[test]
        fn all_is_forgotten_in_time(failures in 0_u32..) {
            let state = AttemptState { failures, last_at: at(0), free_at: at(0) };
            let next = one_more(PATIENCE, state, at(PATIENCE.half_forgotten_s * 33)).unwrap();
            prop_assert_eq!(next.failures, 1);
        }
    }
}

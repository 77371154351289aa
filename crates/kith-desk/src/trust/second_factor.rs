//! The second factor: codes of an authenticator (TOTP, RFC 6238: six digits, 30 seconds, SHA-1 as every such app knows it) and recovery
//! codes for the day the telephone is gone.
//!
//! A code is good once, within one step of 30 seconds to either side. The secret lies sealed; recovery codes lie as hashes.

use kith_core::{Instant, UserId};
use kith_journal::trust::{Applied, StoredUser, TrustChange};
use serde::Serialize;
use totp_rs::{Algorithm, TOTP};

use super::audit::AuditAction;
use super::secret_text::{Door, Secret, SecretText, as_typed, typed};
use super::sign_in::SecondWay;
use super::throttle::Scope;
use super::{Origin, Session, Trust, TrustError, Who};

/// What an authenticator app needs to know.
#[derive(Debug, Clone)]
pub struct TotpEnrolment {
    /// To be typed, in base 32.
    pub secret: SecretText,
    /// To be shown as a QR code (`otpauth://…`).
    pub url: SecretText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SecondFactorState {
    pub totp: bool,
    pub recovery_codes_left: u64,
}

const STEP_S: u64 = 30;
const DIGITS: usize = 6;
const RECOVERY_CODES: usize = 10;

fn secret_name(user: UserId) -> String {
    format!("totp/{user}")
}

fn pending_name(user: UserId) -> String {
    format!("totp-pending/{user}")
}

fn authenticator(secret: &[u8], account: &str) -> Result<TOTP, TrustError> {
    // A colon would end the account's name in the address.
    let (issuer, account) = (Some("Kith".to_owned()), account.replace(':', "_"));
    TOTP::new(Algorithm::SHA1, DIGITS, 1, STEP_S, secret.to_vec(), issuer, account)
        .map_err(|_| TrustError::Damaged { what: "the secret of an authenticator" })
}

/// The step whose code this is: now, or one step earlier or later.
fn step_of(secret: &[u8], code: &str, now: Instant) -> Result<Option<i64>, TrustError> {
    let authenticator = authenticator(secret, "user")?;
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or_default();
    let mut found = None;
    for step in (seconds / STEP_S).saturating_sub(1)..=seconds / STEP_S + 1 {
        // Every step is compared, so that the answer takes the same time.
        if super::secret_text::same(&authenticator.generate(step * STEP_S), code) {
            found = i64::try_from(step).ok();
        }
    }
    Ok(found)
}

/// What takes somebody's authenticator away.
pub(super) fn removal(user: UserId) -> Vec<TrustChange> {
    let delete = |name| TrustChange::DeleteSecret { tenant: None, name };
    vec![
        TrustChange::EndTotp { user },
        TrustChange::SetRecoveryCodes { user, codes: Vec::new() },
        delete(secret_name(user)),
        delete(pending_name(user)),
    ]
}

impl Trust {
    pub async fn second_factor_state(&self, user: UserId) -> Result<SecondFactorState, TrustError> {
        let stored = self.journal().user(user).await?.ok_or(TrustError::NotFound { what: "user" })?;
        Ok(SecondFactorState {
            totp: stored.totp_since.is_some(),
            recovery_codes_left: self.journal().recovery_codes_left(user).await?,
        })
    }

    /// Begins to add an authenticator; nothing holds before [`Trust::confirm_totp`]. Begun again, it is another secret.
    pub async fn begin_totp(&self, session: &Session, password: &str, now: Instant) -> Result<TotpEnrolment, TrustError> {
        let user = self.check_own_password(session, password, now).await?;
        if user.totp_since.is_some() {
            return Err(TrustError::Exists { what: "authenticator" });
        }
        let secret = Secret::new(self.randomness().bytes::<20>().to_vec());
        let app = authenticator(secret.show(), user.login.as_str())?;
        let change = self.vault().put(None, &pending_name(user.id), &secret, Vec::new(), &[], now).await?;
        if change != Applied::Done {
            return Err(TrustError::Conflict { what: "the authenticator" });
        }
        Ok(TotpEnrolment { secret: SecretText::new(app.get_secret_base32()), url: SecretText::new(app.get_url()) })
    }

    /// The first code proves that the app has the secret. From now on codes are asked for. Gives the recovery codes, shown this once.
    pub async fn confirm_totp(
        &self,
        session: &Session,
        code: &str,
        origin: &Origin,
        now: Instant,
    ) -> Result<Vec<SecretText>, TrustError> {
        let user = session.user.id;
        self.take_attempt(&[Scope::Code.of(&user.0.to_le_bytes())], now).await?;
        let pending = self.vault().get(None, &pending_name(user)).await?;
        let secret = pending.ok_or(TrustError::NotFound { what: "authenticator that was begun" })?;
        let Some(step) = step_of(secret.show(), &digits(code), now)? else { return Err(TrustError::WrongCode) };
        let (codes, hashes) = self.recovery_codes();
        let (scope, subject) = Scope::Code.of(&user.0.to_le_bytes());
        let changes = vec![
            TrustChange::BeginTotp { user, since: now, step },
            TrustChange::SetRecoveryCodes { user, codes: hashes },
            TrustChange::DeleteSecret { tenant: None, name: pending_name(user) },
            TrustChange::ForgetAttempts { scope: scope.as_str(), subject },
        ];
        let (who, subject, details) = (Who::User(user), user.to_string(), serde_json::json!({ "way": "totp" }));
        let lines = self.user_lines(user, &who, AuditAction::SecondFactorAdded, &subject, details, origin, now).await?;
        match self.vault().put(None, &secret_name(user), &secret, changes, &lines, now).await? {
            Applied::Done => Ok(codes),
            Applied::Refused(_) => Err(TrustError::Exists { what: "authenticator" }),
        }
    }

    /// Ten new recovery codes; the old ones are worth nothing any more.
    pub async fn renew_recovery_codes(
        &self,
        session: &Session,
        password: &str,
        origin: &Origin,
        now: Instant,
    ) -> Result<Vec<SecretText>, TrustError> {
        let user = self.check_own_password(session, password, now).await?;
        if user.totp_since.is_none() {
            return Err(TrustError::NotFound { what: "authenticator" });
        }
        let (codes, hashes) = self.recovery_codes();
        let (id, details) = (user.id, serde_json::Value::Null);
        let (who, subject) = (Who::User(id), id.to_string());
        let lines = self.user_lines(id, &who, AuditAction::RecoveryCodesRenewed, &subject, details, origin, now).await?;
        self.commit(&[TrustChange::SetRecoveryCodes { user: id, codes: hashes }], &lines).await?;
        Ok(codes)
    }

    /// From now on the password alone is enough.
    pub async fn remove_totp(&self, session: &Session, password: &str, origin: &Origin, now: Instant) -> Result<(), TrustError> {
        let user = self.check_own_password(session, password, now).await?.id;
        let (who, subject, details) = (Who::User(user), user.to_string(), serde_json::json!({ "way": "totp" }));
        let lines = self.user_lines(user, &who, AuditAction::SecondFactorRemoved, &subject, details, origin, now).await?;
        self.commit(&removal(user), &lines).await
    }

    /// By what this user can show a second factor; nothing, if none is asked for.
    pub(super) async fn second_ways(&self, user: &StoredUser) -> Result<Vec<SecondWay>, TrustError> {
        let mut ways = Vec::new();
        if user.totp_since.is_some() {
            ways.push(SecondWay::Totp);
            if self.journal().recovery_codes_left(user.id).await? > 0 {
                ways.push(SecondWay::RecoveryCode);
            }
        }
        Ok(ways)
    }

    /// What a code proves, to be written down together with the session that it opens: so it proves it once.
    pub(super) async fn proof_of(&self, user: &StoredUser, code: &str, now: Instant) -> Result<Option<TrustChange>, TrustError> {
        if user.totp_since.is_none() || code.len() > 100 {
            return Ok(None);
        }
        let number = digits(code);
        if number.len() == DIGITS && number.bytes().all(|byte| byte.is_ascii_digit()) {
            let secret = self.vault().get(None, &secret_name(user.id)).await?;
            let secret = secret.ok_or(TrustError::Damaged { what: "the secret of an authenticator" })?;
            let step = step_of(secret.show(), &number, now)?;
            return Ok(step.map(|step| TrustChange::UseTotpStep { user: user.id, step }));
        }
        let code = Door::RecoveryCode.hash(&as_typed(code));
        Ok(Some(TrustChange::UseRecoveryCode { user: user.id, code }))
    }

    fn recovery_codes(&self) -> (Vec<SecretText>, Vec<[u8; 32]>) {
        let codes: Vec<SecretText> = (0..RECOVERY_CODES).map(|_| typed::<4, 4>(self.randomness())).collect();
        let hashes = codes.iter().map(|code| Door::RecoveryCode.hash(&as_typed(code.show()))).collect();
        (codes, hashes)
    }
}

/// A code as apps show it, `123 456`, without the blank.
fn digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The secret of RFC 6238, appendix B, and its last six digits for SHA-1 there.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            let now = Instant::from_seconds(second).unwrap();
            assert_eq!(step_of(secret, code, now).unwrap(), Some(second / 30), "{second}");
            let later = now.plus_seconds(90);
            assert_eq!(step_of(secret, code, later).unwrap(), None, "{second}: three steps later");
        }
    }

    proptest! {
        #[test]
        fn a_code_is_good_for_a_step_to_either_side_and_no_longer(second in 100_i64..4_000_000_000, off in -5_i64..=5) {
            let secret = [7; 20];
            let step = second / 30;
            let code = authenticator(&secret, "x").unwrap().generate(step.unsigned_abs() * 30);
            let found = step_of(&secret, &code, Instant::from_seconds((step + off) * 30 + 3).unwrap()).unwrap();
            // Two steps may have the same code by chance, one time in a million.
            if off.abs() <= 1 {
                prop_assert!(found.is_some());
            } else if found == Some(step) {
                prop_assert!(false, "a code of {off} steps ago");
            }
        }
    }
}

//! Signing in: password, then the second factor where there is one; and one's own new password.

use kith_core::{Instant, Login, UserId};
use kith_journal::trust::{Applied, SecretHash, StoredTicket, StoredUser, TrustChange};
use serde::Serialize;

use super::audit::AuditAction;
use super::password::Password;
use super::secret_text::{Door, SecretText};
use super::throttle::{Scope, network};
use super::{Origin, Session, SignedIn, Trust, TrustError, Who};

/// What somebody types to get in.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub login: &'a str,
    pub password: &'a str,
    /// The device cookie, where the browser has one.
    pub device: Option<&'a str>,
}

/// By what the second factor can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondWay {
    Totp,
    RecoveryCode,
}

#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // One is made a sign-in, and most of them are done.
pub enum SignIn {
    Done(SignedIn),
    /// The password was right; now the second factor, with this ticket.
    SecondFactor {
        ticket: SecretText,
        ways: Vec<SecondWay>,
    },
}

/// Longer than any login; a longer text is nobody.
const LONGEST_LOGIN: usize = 400;

impl Trust {
    /// Signs somebody in. A login that does not exist, a wrong password and a disabled user get the same answer after the same work.
    pub async fn sign_in(&self, credentials: Credentials<'_>, origin: &Origin, now: Instant) -> Result<SignIn, TrustError> {
        let typed: String = credentials.login.chars().take(LONGEST_LOGIN).collect();
        let login = Login::parse(&typed).ok();
        let user = match &login {
            Some(login) => self.journal().user_by_login(login).await?,
            None => None,
        };
        let device = self.known_device(user.as_ref().map_or(UserId(0), |user| user.id), credentials.device, now).await?;
        let counted = login.as_ref().map_or(typed.as_str(), Login::as_str);
        let subjects = self.sign_in_subjects(counted, device.as_ref(), origin);
        self.take_attempt(&subjects, now).await?;

        let verdict = self.passwords().verify(credentials.password, user.as_ref().map(|user| user.password.as_str())).await?;
        let Some(user) = user.filter(|user| verdict.right && !user.disabled) else {
            self.note_refusal(login.as_ref(), origin, now).await?;
            return Err(TrustError::WrongCredentials);
        };
        let mut changes = Vec::new();
        if verdict.outdated {
            let password = self.passwords().hash(&Password::made(credentials.password)).await?;
            changes.push(TrustChange::SetPassword { user: user.id, password, must_change: user.must_change_password });
        }
        let ways = self.second_ways(&user).await?;
        if ways.is_empty() {
            changes.push(TrustChange::ForgetAttempts { scope: subjects[0].0.as_str(), subject: subjects[0].1 });
            changes.push(TrustChange::GiveBackAttempt { scope: subjects[1].0.as_str(), subject: subjects[1].1 });
            return Ok(SignIn::Done(self.let_in(&user, changes, origin, now).await?));
        }
        // The attempt was none; but nothing is forgotten yet, for a right password alone is half of a sign-in.
        for (scope, subject) in subjects {
            changes.push(TrustChange::GiveBackAttempt { scope: scope.as_str(), subject });
        }
        let (ticket, hash) = Door::Ticket.make(self.randomness());
        let ends_at = now.plus_seconds(self.rules().ticket_minutes * 60);
        changes.push(TrustChange::AddTicket(StoredTicket { hash, user: user.id, ends_at }));
        self.commit(&changes, &[]).await?;
        Ok(SignIn::SecondFactor { ticket, ways })
    }

    /// The second half: a code of the authenticator, or a recovery code, told apart by their form.
    pub async fn second_factor(
        &self,
        ticket: &str,
        code: &str,
        device: Option<&str>,
        origin: &Origin,
        now: Instant,
    ) -> Result<SignedIn, TrustError> {
        let hash = Door::Ticket.hash(ticket);
        let ticket = self.journal().ticket(&hash, now).await?.ok_or(TrustError::TicketExpired)?;
        let user = self.journal().user(ticket.user).await?.filter(|user| !user.disabled).ok_or(TrustError::TicketExpired)?;
        let subjects = self.second_factor_subjects(user.id, device, origin, now).await?;
        self.take_attempt(&subjects, now).await?;
        let Some(proof) = self.proof_of(&user, code, now).await? else {
            self.note_refusal(Some(&user.login), origin, now).await?;
            return Err(TrustError::WrongCode);
        };
        let mut changes = vec![proof, TrustChange::UseTicket { hash, now }];
        changes.extend(self.forgiven(&user, &subjects));
        match self.try_to_let_in(&user, changes, origin, now).await? {
            Ok(signed_in) => Ok(signed_in),
            // Somebody was faster with the same code.
            Err(0) => {
                self.note_refusal(Some(&user.login), origin, now).await?;
                Err(TrustError::WrongCode)
            }
            Err(_) => Err(TrustError::TicketExpired),
        }
    }

    /// One's own new password: all other sessions end, and this one gets a new cookie.
    pub async fn change_password(
        &self,
        session: &Session,
        old: &str,
        new: &str,
        origin: &Origin,
        now: Instant,
    ) -> Result<SignedIn, TrustError> {
        let new = Password::parse(new, &session.user.login)?;
        let mut user = self.check_own_password(session, old, now).await?;
        let password = self.passwords().hash(&new).await?;
        if self.passwords().verify(old, Some(&password)).await?.right {
            return Err(TrustError::Invalid {
                what: "the new password",
                advice: "choose one that is not the old one".to_owned(),
            });
        }
        user.must_change_password = false;
        let id = user.id;
        let mut changes = vec![
            TrustChange::SetPassword { user: id, password, must_change: false },
            TrustChange::EndSessions { user: id, except: None },
            TrustChange::ForgetDevices { user: id },
        ];
        let (rows, signed_in) = self.new_session(&user, session.tenant.as_ref(), origin, now).await?;
        changes.extend(rows);
        let details = serde_json::Value::Null;
        let subject = id.to_string();
        let lines = self.user_lines(id, &Who::User(id), AuditAction::PasswordChanged, &subject, details, origin, now).await?;
        self.commit(&changes, &lines).await?;
        Ok(signed_in)
    }

    /// For acts that need more than a session: the password once more. Guesses of a stolen session have to wait like others.
    pub(super) async fn check_own_password(
        &self,
        session: &Session,
        password: &str,
        now: Instant,
    ) -> Result<StoredUser, TrustError> {
        let id = session.user.id;
        let user = self.journal().user(id).await?.ok_or(TrustError::NotSignedIn)?;
        let subject = Scope::OwnPassword.of(&id.0.to_le_bytes());
        self.take_attempt(&[subject], now).await?;
        if !self.passwords().verify(password, Some(&user.password)).await?.right {
            return Err(TrustError::WrongCredentials);
        }
        let forget = TrustChange::ForgetAttempts { scope: subject.0.as_str(), subject: subject.1 };
        self.commit(&[forget], &[]).await?;
        Ok(user)
    }

    /// The hash of the device cookie, if this user has signed in with it before.
    async fn known_device(&self, user: UserId, device: Option<&str>, now: Instant) -> Result<Option<SecretHash>, TrustError> {
        let Some(device) = device.filter(|device| device.len() <= 200) else { return Ok(None) };
        let hash = Door::Device.hash(device);
        Ok(self.journal().knows_device(user, &hash, now).await?.then_some(hash))
    }

    pub(super) async fn second_factor_subjects(
        &self,
        user: UserId,
        device: Option<&str>,
        origin: &Origin,
        now: Instant,
    ) -> Result<[(Scope, [u8; 32]); 2], TrustError> {
        let subject = match self.known_device(user, device, now).await? {
            Some(device) => Scope::KnownDeviceCode.of(&device),
            None => Scope::Code.of(&user.0.to_le_bytes()),
        };
        Ok([subject, Scope::Address.of(&network(origin.ip()))])
    }

    /// What a whole sign-in makes forgotten: the guesses of the account and of its codes; the address keeps all but this one.
    pub(super) fn forgiven(&self, user: &StoredUser, subjects: &[(Scope, [u8; 32]); 2]) -> Vec<TrustChange> {
        let account = Scope::Account.of(user.login.as_str().as_bytes());
        let forget = |(scope, subject): (Scope, [u8; 32])| TrustChange::ForgetAttempts { scope: scope.as_str(), subject };
        let address = TrustChange::GiveBackAttempt { scope: subjects[1].0.as_str(), subject: subjects[1].1 };
        vec![forget(account), forget(subjects[0]), address]
    }

    pub(super) async fn let_in(
        &self,
        user: &StoredUser,
        changes: Vec<TrustChange>,
        origin: &Origin,
        now: Instant,
    ) -> Result<SignedIn, TrustError> {
        let let_in = self.try_to_let_in(user, changes, origin, now).await?;
        let_in.map_err(|_| TrustError::Conflict { what: "the user" })
    }

    /// Makes the session together with these changes; `Err` is the place of the one that must not be.
    pub(super) async fn try_to_let_in(
        &self,
        user: &StoredUser,
        mut changes: Vec<TrustChange>,
        origin: &Origin,
        now: Instant,
    ) -> Result<Result<SignedIn, usize>, TrustError> {
        let (rows, signed_in) = self.new_session(user, None, origin, now).await?;
        changes.extend(rows);
        let details = serde_json::Value::Null;
        let who = Who::User(user.id);
        let lines = self.user_lines(user.id, &who, AuditAction::SignedIn, &signed_in.session.id, details, origin, now).await?;
        Ok(match self.journal().change_trust(&changes, &lines).await? {
            Applied::Done => Ok(signed_in),
            Applied::Refused(place) => Err(place),
        })
    }

    /// Writes down that somebody was not let in: in the logs of the tenants that the login works for, else in that of the store.
    pub(super) async fn note_refusal(&self, login: Option<&Login>, origin: &Origin, now: Instant) -> Result<(), TrustError> {
        let user = match login {
            Some(login) => self.journal().user_by_login(login).await?,
            None => None,
        };
        let (id, subject) = user.map_or((UserId(0), String::new()), |user| (user.id, user.id.to_string()));
        let details = serde_json::Value::Null;
        let lines = self.user_lines(id, &Who::Kith, AuditAction::SignInRefused, &subject, details, origin, now).await?;
        self.commit(&[], &lines).await
    }
}

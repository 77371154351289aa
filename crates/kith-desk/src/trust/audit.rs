//! The log: who did what, on what, when and from where. It names ids, never what a customer is called.

use std::collections::HashMap;

use kith_core::{Instant, Permission, TenantId, UserId};
use kith_journal::trust::NewAuditLine;
use serde::{Serialize, Serializer};

use super::{Caller, Origin, Trust, TrustError, Who};

/// An action and its word, each written once.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal),* $(,)?) => {
        /// What was done, as the log and its filters write it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum AuditAction { $($(#[$doc])* $name),* }

        impl AuditAction {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

actions! {
    SignedIn = "session.signed-in",
    SignInRefused = "session.refused",
    SignedOut = "session.signed-out",
    SessionEnded = "session.ended",
    OtherSessionsEnded = "session.others-ended",
    PasswordChanged = "password.changed",
    PasswordReset = "password.reset",
    ResetLinkMade = "password.reset-link-made",
    SecondFactorAdded = "second-factor.added",
    SecondFactorRemoved = "second-factor.removed",
    RecoveryCodesRenewed = "second-factor.recovery-codes-renewed",
    ProfileChanged = "user.profile-changed",
    UserAdded = "user.added",
    UserDisabled = "user.disabled",
    UserEnabled = "user.enabled",
    OperatorChanged = "user.operator-changed",
    MemberAdded = "member.added",
    MemberRemoved = "member.removed",
    RoleChanged = "member.role-changed",
    Invited = "invitation.made",
    InvitationWithdrawn = "invitation.withdrawn",
    InvitationAccepted = "invitation.accepted",
    TokenMade = "token.made",
    TokenRevoked = "token.revoked",
    TenantFounded = "tenant.founded",
    KeyRotated = "key.rotated",
    SecretChanged = "secret.changed",
    ViewChanged = "view.changed",
    ViewDeleted = "view.deleted",
    ImportDone = "import.done",
    ImportUndone = "import.undone",
    ImportRedone = "import.redone",
    ContactsDecided = "contacts.decided",
    ContactsDecisionUndone = "contacts.decision-undone",
    CampaignChanged = "campaign.changed",
    CampaignStarted = "campaign.started",
    TenantChanged = "tenant.changed",
    AccountChanged = "account.changed",
    BrandChanged = "brand.changed",
    ConsentRecorded = "consent.recorded",
    DataExported = "data.exported",
    PersonExported = "person.exported",
    PersonErased = "person.erased",
    BackupMade = "backup.made",
    WebhookChanged = "webhook.changed",
}

impl AuditAction {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text)
    }
}

impl Serialize for AuditAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A line as a person reads it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditEntry {
    pub number: i64,
    pub at: Instant,
    /// `user:3`, `token:…`, `terminal:mei`, `kith`.
    pub who: String,
    /// The name of the user, or of the one whom the line is about where Kith itself wrote it.
    pub who_name: Option<String>,
    pub action: AuditAction,
    pub on: String,
    pub details: serde_json::Value,
    pub address: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditPage {
    pub entries: Vec<AuditEntry>,
    /// What to ask for as `before` to see the next page.
    pub next: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditAsk {
    pub before: Option<i64>,
    pub limit: u32,
    pub action: Option<AuditAction>,
    pub who: Option<UserId>,
}

const MOST_ENTRIES: u32 = 500;

impl Trust {
    /// Writes down what somebody did in another part of Kith. `on` and `details` are ids and choices, nothing about a customer.
    pub async fn note(
        &self,
        caller: &Caller,
        action: AuditAction,
        on: &str,
        details: &serde_json::Value,
        now: Instant,
    ) -> Result<(), TrustError> {
        let line = self.caller_line(caller, action, on, details, now);
        self.commit(&[], &[line]).await
    }

    /// The log of the caller's tenant, newest first.
    pub async fn audit_log(&self, caller: &Caller, ask: &AuditAsk) -> Result<AuditPage, TrustError> {
        caller.require(Permission::ReadAudit)?;
        self.audit_page(Some(&caller.tenant), ask).await
    }

    /// The log of the store as a whole: what belongs to no tenant. For the terminal.
    pub async fn audit_log_of_store(&self, ask: &AuditAsk) -> Result<AuditPage, TrustError> {
        self.audit_page(None, ask).await
    }

    async fn audit_page(&self, tenant: Option<&TenantId>, ask: &AuditAsk) -> Result<AuditPage, TrustError> {
        let limit = ask.limit.clamp(1, MOST_ENTRIES);
        let who = ask.who.map(|user| Who::User(user).to_string());
        let action = ask.action.map(AuditAction::as_str);
        // One more than asked for says whether there is a next page.
        let mut lines = self.journal().audit_lines(tenant, ask.before, action, who.as_deref(), limit + 1).await?;
        let more = lines.len() > limit as usize;
        lines.truncate(limit as usize);
        let next = lines.last().filter(|_| more).map(|line| line.number);
        let mut names: HashMap<String, Option<String>> = HashMap::new();
        let mut entries = Vec::with_capacity(lines.len());
        for line in lines {
            if !names.contains_key(&line.who) {
                let name = self.name_of(&line.who).await?;
                names.insert(line.who.clone(), name);
            }
            entries.push(AuditEntry {
                number: line.number,
                at: line.at,
                who_name: names.get(&line.who).cloned().flatten(),
                who: line.who,
                action: AuditAction::parse(&line.action).ok_or(TrustError::Damaged { what: "a line of the log" })?,
                on: line.subject,
                details: serde_json::from_str(&line.details).unwrap_or_default(),
                address: line.address,
            });
        }
        Ok(AuditPage { entries, next })
    }

    async fn name_of(&self, who: &str) -> Result<Option<String>, TrustError> {
        let Some(Ok(id)) = who.strip_prefix("user:").map(str::parse::<UserId>) else { return Ok(None) };
        Ok(self.journal().user(id).await?.map(|user| user.name))
    }

    /// A line of somebody whose tenant and rights are known.
    pub(super) fn caller_line(
        &self,
        caller: &Caller,
        action: AuditAction,
        on: &str,
        details: &serde_json::Value,
        now: Instant,
    ) -> NewAuditLine {
        let line = self.line(Some(&caller.tenant), &caller.who, action, on, &caller.origin, now);
        NewAuditLine { details: details.to_string(), ..line }
    }

    /// A line in each tenant that a user belongs to, and where there is none, in the log of the store: what somebody does to their own
    /// login concerns all of them.
    #[expect(clippy::too_many_arguments, reason = "a line has that many parts")]
    pub(super) async fn user_lines(
        &self,
        user: UserId,
        who: &Who,
        action: AuditAction,
        on: &str,
        details: serde_json::Value,
        origin: &Origin,
        now: Instant,
    ) -> Result<Vec<NewAuditLine>, TrustError> {
        let memberships = self.journal().memberships(user).await?;
        let mut tenants: Vec<Option<&TenantId>> = memberships.iter().map(|(tenant, ..)| Some(tenant)).collect();
        if tenants.is_empty() {
            tenants.push(None);
        }
        let details = details.to_string();
        let line = |tenant| NewAuditLine { details: details.clone(), ..self.line(tenant, who, action, on, origin, now) };
        Ok(tenants.into_iter().map(line).collect())
    }

    pub(super) fn line(
        &self,
        tenant: Option<&TenantId>,
        who: &Who,
        action: AuditAction,
        on: &str,
        origin: &Origin,
        now: Instant,
    ) -> NewAuditLine {
        NewAuditLine {
            tenant: tenant.cloned(),
            at: now,
            who: who.to_string(),
            action: action.as_str(),
            subject: on.to_owned(),
            details: "null".to_owned(),
            address: origin.address.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_word_of_its_own() {
        for (n, action) in AuditAction::ALL.iter().enumerate() {
            let found = AuditAction::parse(action.as_str()).unwrap();
            assert_eq!(AuditAction::ALL.iter().position(|other| *other == found), Some(n), "{}", action.as_str());
        }
        assert_eq!(AuditAction::parse("store.burnt"), None);
    }
}

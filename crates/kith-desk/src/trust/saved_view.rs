//! Saved views: a page with its filters, under a name, for oneself or for everybody of the tenant.

use kith_core::{Instant, Permission, UserId};
use kith_journal::trust::{Applied, StoredView, TrustChange};
use serde::Serialize;

use super::audit::AuditAction;
use super::secret_text::record_id;
use super::user::display_name;
use super::{Caller, Trust, TrustError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    pub name: String,
    /// The page's short name, such as `contacts`.
    pub page: String,
    /// Its filters as they stand in the address: `?stage=lapsed`, or nothing.
    pub search: String,
    pub shared: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SavedView {
    pub id: String,
    pub name: String,
    pub page: String,
    pub search: String,
    pub shared: bool,
    pub owner: UserId,
    pub changed_at: Instant,
}

const LONGEST_SEARCH: usize = 2_000;

impl NewView {
    /// A view leads to a page of Kith and nowhere else.
    fn checked(&self) -> Result<(), TrustError> {
        let invalid = |what, advice: &str| TrustError::Invalid { what, advice: advice.to_owned() };
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let parts_ok = self.page.split('/').all(|part| !part.is_empty() && part.chars().all(word));
        if self.page.len() > 100 || !parts_ok {
            return Err(invalid("the page", "write its short name, such as contacts"));
        }
        let clean = self.search.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '#');
        let begins = self.search.is_empty() || self.search.starts_with('?');
        if self.search.len() > LONGEST_SEARCH || !clean || !begins {
            return Err(invalid("the filters", "write them as in the address, such as ?stage=lapsed"));
        }
        Ok(())
    }
}

impl Trust {
    /// One's own views and those that others share, of one page where asked for, by name.
    pub async fn views(&self, caller: &Caller, page: Option<&str>) -> Result<Vec<SavedView>, TrustError> {
        let user = person(caller)?;
        let views = self.journal().views(&caller.tenant, user).await?;
        Ok(views.into_iter().filter(|view| page.is_none_or(|page| view.page == page)).map(shown).collect())
    }

    /// Saves a view: a new one, or one's own in place of what it was (also one that was deleted, to take that back).
    pub async fn save_view(
        &self,
        caller: &Caller,
        id: Option<&str>,
        view: &NewView,
        now: Instant,
    ) -> Result<SavedView, TrustError> {
        let owner = person(caller)?;
        view.checked()?;
        if view.shared {
            caller.require(Permission::ShareViews)?;
        }
        let id = match id {
            None => record_id(self.randomness()),
            Some(id) if id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => id.to_owned(),
            Some(_) => return Err(TrustError::NotFound { what: "view" }),
        };
        let stored = StoredView {
            id,
            owner,
            name: display_name(&view.name)?,
            page: view.page.clone(),
            search: view.search.clone(),
            shared: view.shared,
            changed_at: now,
        };
        let change = TrustChange::PutView { tenant: caller.tenant.clone(), view: stored.clone() };
        let details = serde_json::json!({ "shared": view.shared });
        let line = self.caller_line(caller, AuditAction::ViewChanged, &stored.id, &details, now);
        match self.journal().change_trust(&[change], &[line]).await? {
            Applied::Done => Ok(shown(stored)),
            // Somebody else's, or of another tenant: it is not there.
            Applied::Refused(_) => Err(TrustError::NotFound { what: "view" }),
        }
    }

    /// Deletes one's own view, or, for who may change the tenant's settings, a shared one. Gives it back, so that it can be saved again.
    pub async fn delete_view(&self, caller: &Caller, id: &str, now: Instant) -> Result<SavedView, TrustError> {
        let user = person(caller)?;
        let missing = || TrustError::NotFound { what: "view" };
        let view = self.journal().view(&caller.tenant, id).await?.ok_or_else(missing)?;
        if view.owner != user {
            if !view.shared {
                return Err(missing());
            }
            caller.require(Permission::ChangeTenant)?;
        }
        let change = TrustChange::DeleteView { tenant: caller.tenant.clone(), id: id.to_owned() };
        let line = self.caller_line(caller, AuditAction::ViewDeleted, id, &serde_json::Value::Null, now);
        match self.journal().change_trust(&[change], &[line]).await? {
            Applied::Done => Ok(shown(view)),
            Applied::Refused(_) => Err(missing()),
        }
    }
}

fn person(caller: &Caller) -> Result<UserId, TrustError> {
    let advice = || "sign in: a view belongs to somebody".to_owned();
    caller.user().ok_or_else(|| TrustError::Invalid { what: "the owner of a view", advice: advice() })
}

fn shown(stored: StoredView) -> SavedView {
    let StoredView { id, owner, name, page, search, shared, changed_at } = stored;
    SavedView { id, name, page, search, shared, owner, changed_at }
}

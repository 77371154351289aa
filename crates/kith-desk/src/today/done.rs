//! What somebody has done of this morning's list.

use kith_core::{Day, Instant, Tenant};
use kith_journal::DoneAction;

use super::action::{Action, Morning, Rule};
use crate::store::{Store, StoreError};

/// Takes out of a morning what was done on that day; what is left, and what was done with who did it.
pub async fn without_done(
    store: &Store,
    tenant: &Tenant,
    morning: Morning,
) -> Result<(Morning, Vec<(Action, DoneAction)>), StoreError> {
    let day = tenant.calendar.day(morning.as_of);
    let said = store.journal.done_actions(&tenant.id, day).await?;
    let mut done = Vec::new();
    let (mut left, actions) = (Vec::new(), morning.actions);
    for action in actions {
        match said.iter().find(|said| said.action == action.rule.as_str()) {
            Some(said) => done.push((action, said.clone())),
            None => left.push(action),
        }
    }
    Ok((Morning { actions: left, ..morning }, done))
}

/// Somebody has done what a rule asked for on a day.
pub async fn mark_done(store: &Store, tenant: &Tenant, day: Day, rule: Rule, by: &str, now: Instant) -> Result<(), StoreError> {
    let done = DoneAction { action: rule.as_str().to_owned(), by: by.to_owned(), at: now };
    Ok(store.journal.put_done_action(&tenant.id, day, &done).await?)
}

/// Takes that back; false where nobody had said so.
pub async fn unmark_done(store: &Store, tenant: &Tenant, day: Day, rule: Rule) -> Result<bool, StoreError> {
    Ok(store.journal.delete_done_action(&tenant.id, day, rule.as_str()).await?)
}

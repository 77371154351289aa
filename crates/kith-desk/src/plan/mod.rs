//! What is planned: accounts with their roles, campaigns in stages and steps, placements with their links.

mod campaign;
mod plan_file;

pub use campaign::{
    CampaignError, CampaignState, add_campaign, change_campaign, check_campaign, find_campaign, put_placement, set_step_done,
    start_campaign,
};
pub use plan_file::{PlanError, PlanFile, load, store_plan};

use kith_core::{Account, AccountRole, Channel, Slug, Tenant};

use crate::store::{Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("there is no account {0}: `kith account list` lists them, `kith account add` makes one")]
    NoAccount(Slug),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an account (without a role, which is a fault until it has one), or changes its channel and handle.
pub async fn add_account(store: &Store, tenant: &Tenant, id: Slug, channel: Channel, handle: String) -> Result<(), StoreError> {
    let roles =
        store.journal.accounts(&tenant.id).await?.into_iter().find(|account| account.id == id).map(|account| account.roles);
    let account = Account { id, channel, handle, roles: roles.unwrap_or_default() };
    Ok(store.journal.put_account(&tenant.id, &account).await?)
}

/// Gives an account its one role, in place of whatever roles it had.
pub async fn set_role(store: &Store, tenant: &Tenant, id: &Slug, role: AccountRole) -> Result<(), AccountError> {
    let accounts = store.journal.accounts(&tenant.id).await.map_err(StoreError::from)?;
    let found = accounts.into_iter().find(|account| account.id == *id).ok_or_else(|| AccountError::NoAccount(id.clone()))?;
    let account = Account { roles: vec![role], ..found };
    store.journal.put_account(&tenant.id, &account).await.map_err(StoreError::from)?;
    Ok(())
}

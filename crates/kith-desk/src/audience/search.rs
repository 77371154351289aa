//! Contacts found by name, handle, phone, address or order number.

use std::collections::{BTreeMap, HashMap};

use kith_core::{ContactId, Identity, IdentityId, Tenant};
use serde::Serialize;

use crate::identity::merges;
use crate::store::{Store, StoreError};

/// A contact that a search found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    pub contact: ContactId,
    pub name: String,
    /// What matched, as it stands in the record.
    pub matched: String,
    pub identities: Vec<Identity>,
}

/// Contacts that match, best first, each once.
pub async fn search(store: &Store, tenant: &Tenant, query: &str, limit: usize) -> Result<Vec<Found>, StoreError> {
    let map = Contacts::of(store, tenant).await?;
    search_among(store, tenant, &map, query, limit).await
}

/// The same for whoever knows already which identity is whose.
pub async fn search_among(
    store: &Store,
    tenant: &Tenant,
    map: &Contacts,
    query: &str,
    limit: usize,
) -> Result<Vec<Found>, StoreError> {
    // Several identities of one contact may match: ask for more and keep the first of each.
    let hits = store.journal.search(&tenant.id, query, limit.saturating_mul(4)).await?;
    let mut found: Vec<Found> = Vec::new();
    for hit in hits {
        let contact = map.contact(hit.identity);
        if found.iter().any(|found| found.contact == contact) {
            continue;
        }
        if found.len() == limit {
            break;
        }
        let identities = store.journal.identities(&tenant.id, &map.identities(contact)).await?;
        let name = display_name(&identities, contact);
        found.push(Found { contact, name, matched: hit.text, identities });
    }
    Ok(found)
}

/// Which identity is which contact's, both ways.
pub struct Contacts {
    contact_of: HashMap<IdentityId, ContactId>,
    members: BTreeMap<ContactId, Vec<IdentityId>>,
}

impl Contacts {
    pub async fn of(store: &Store, tenant: &Tenant) -> Result<Self, StoreError> {
        Ok(Self::from_pairs(&merges::contacts(store, tenant).await?))
    }

    /// From the identities that share a contact with another.
    #[must_use]
    pub fn from_pairs(merged: &[(IdentityId, ContactId)]) -> Self {
        let mut members: BTreeMap<ContactId, Vec<IdentityId>> = BTreeMap::new();
        for (identity, contact) in merged {
            members.entry(*contact).or_default().push(*identity);
        }
        Self { contact_of: merged.iter().copied().collect(), members }
    }

    #[must_use]
    pub fn contact(&self, identity: IdentityId) -> ContactId {
        self.contact_of.get(&identity).copied().unwrap_or(identity.into())
    }

    #[must_use]
    pub fn identities(&self, contact: ContactId) -> Vec<IdentityId> {
        self.members.get(&contact).cloned().unwrap_or_else(|| vec![IdentityId(contact.0)])
    }
}

/// What a person would call the contact: a name if there is one, else the most telling id.
#[must_use]
pub fn display_name(identities: &[Identity], contact: ContactId) -> String {
    let named =
        identities.iter().filter_map(|identity| identity.name.as_deref()).min_by_key(|name| (name.chars().count(), *name));
    let by_kind =
        || identities.iter().min_by_key(|identity| (identity.kind, &identity.external)).map(|identity| identity.external.clone());
    named.map(str::to_owned).or_else(by_kind).unwrap_or_else(|| contact.to_string())
}

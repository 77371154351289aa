//! A contact's card: who they are, what they bought, asked and allowed, and by which merges they are one contact.

use kith_core::{
    Case, Consent, ContactId, ContactProfile, Identity, IdentityId, Merge, OrderState, Proposal, Record, RecordKind, Tenant,
};

use super::roll::Enrolled;
use super::timeline::timeline_in;
use crate::picture::Picture;
use crate::store::{Store, StoreError};

/// All that is known of a contact besides the touches themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub contact: ContactId,
    pub name: String,
    pub identities: Vec<Identity>,
    /// What several sources say, each field from the first that says it.
    pub profile: ContactProfile,
    /// `None` where no touch of theirs counts.
    pub enrolled: Option<Enrolled>,
    pub orders: Vec<OrderState>,
    pub cases: Vec<Case>,
    /// With their history, the latest first.
    pub consents: Vec<Consent>,
    pub merges: Vec<Merge>,
    pub proposals: Vec<Proposal>,
}

/// The contact that holds an identity now, as a picture has it; `None` where nobody knows the number.
pub async fn holder(
    store: &Store,
    tenant: &Tenant,
    picture: &Picture,
    number: IdentityId,
) -> Result<Option<ContactId>, StoreError> {
    let known = store.journal.identities(&tenant.id, &[number]).await?;
    Ok(known.first().map(|identity| picture.contacts.contact(identity.id)))
}

/// The card of a contact.
pub async fn card(store: &Store, tenant: &Tenant, picture: &Picture, contact: ContactId) -> Result<Card, StoreError> {
    let story = timeline_in(store, tenant, picture, contact).await?;
    let roll = picture.roll(store.config.lifecycle).await?;
    let members = picture.contacts.identities(contact);
    let ours = |one: IdentityId, other: IdentityId| members.contains(&one) || members.contains(&other);
    let mut merges = store.journal.merges(&tenant.id, true).await?;
    merges.retain(|merge| ours(merge.one, merge.other));
    let mut proposals = store.journal.proposals(&tenant.id).await?;
    proposals.retain(|proposal| ours(proposal.one, proposal.other));
    let mut consents = picture.consents.get(&contact).cloned().unwrap_or_default();
    consents.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.purpose.cmp(&b.purpose)));
    let mut cases = picture.cases.get(&contact).cloned().unwrap_or_default();
    cases.sort_by(|a, b| b.opened_at.cmp(&a.opened_at).then_with(|| a.number.cmp(&b.number)));
    Ok(Card {
        contact,
        name: story.name,
        identities: story.identities,
        profile: profile(store, tenant, &members).await?,
        enrolled: roll.get(contact).cloned(),
        orders: story.orders,
        cases,
        consents,
        merges,
        proposals,
    })
}

async fn profile(store: &Store, tenant: &Tenant, members: &[IdentityId]) -> Result<ContactProfile, StoreError> {
    let keys: Vec<String> = members.iter().map(ToString::to_string).collect();
    let records = store.journal.records_of(&tenant.id, RecordKind::Profile, &keys).await?;
    let mut known = ContactProfile::default();
    for record in records {
        let Record::Profile { profile, .. } = record else { continue };
        known.name = known.name.or(profile.name);
        known.gender = known.gender.or(profile.gender);
        known.city = known.city.or(profile.city);
        known.province = known.province.or(profile.province);
        known.country = known.country.or(profile.country);
        known.birthday = known.birthday.or(profile.birthday);
        known.tags.extend(profile.tags);
        known.other.extend(profile.other);
    }
    known.tags.sort();
    known.tags.dedup();
    Ok(known)
}

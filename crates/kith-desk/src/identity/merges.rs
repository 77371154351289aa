//! The record of merges: judged again after every change of evidence, decided by people, undone at will.

use std::collections::{BTreeMap, BTreeSet};

use kith_core::{ContactId, IdentityId, Instant, Merge, MergeDecision, MergeMaker, Proposal, Tenant};
use kith_journal::{Decision as Said, JournalError, MergePlan, NewMerge, NewProposal};
use serde::Serialize;

use super::resolve::{Evidence, Judgement, Pair, contacts as contacts_of, judge};
use crate::store::{Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("there is no open proposal {0}: `kith merges` lists them")]
    NoProposal(i64),
    #[error("there is no standing merge {0}: `kith merges list` lists them")]
    NoMerge(i64),
    #[error("nobody has decided anything about {0} and {1}")]
    NoDecision(i64, i64),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<JournalError> for MergeError {
    fn from(error: JournalError) -> Self {
        Self::Store(error.into())
    }
}

/// What a person decided about two identities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    pub one: IdentityId,
    pub other: IdentityId,
    pub decision: MergeDecision,
}

/// Merges, open proposals and decisions of a tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    pub merges: Vec<Merge>,
    pub proposals: Vec<Proposal>,
    pub decisions: Vec<Decision>,
}

/// All of it; `undone` adds the merges that no longer stand.
pub async fn overview(store: &Store, tenant: &Tenant, undone: bool) -> Result<Overview, StoreError> {
    let decisions = store.journal.decisions(&tenant.id).await?;
    Ok(Overview {
        merges: store.journal.merges(&tenant.id, undone).await?,
        proposals: store.journal.proposals(&tenant.id).await?,
        decisions: decisions
            .into_iter()
            .map(|said| Decision { one: said.one, other: said.other, decision: said.decision })
            .collect(),
    })
}

/// The contact of every identity that shares one with another.
pub async fn contacts(store: &Store, tenant: &Tenant) -> Result<Vec<(IdentityId, ContactId)>, StoreError> {
    let merges = store.journal.merges(&tenant.id, false).await?;
    Ok(contacts_of(merges.iter().map(|merge| Pair::of(merge.one, merge.other))))
}

/// Judges all standing evidence again and writes down what changed, in one transaction. Costs one reading of the links; does
/// nothing where the verdict is what stands already.
pub async fn judge_again(store: &Store, tenant: &Tenant, now: Instant) -> Result<(), StoreError> {
    let (evidence, judged) = store.journal.evidence(&tenant.id).await?;
    if evidence == judged {
        return Ok(());
    }
    let links = store.journal.links(&tenant.id).await?;
    let decisions: BTreeMap<Pair, MergeDecision> = store
        .journal
        .decisions(&tenant.id)
        .await?
        .into_iter()
        .map(|said| (Pair::of(said.one, said.other), said.decision))
        .collect();
    let mut named: Vec<IdentityId> = links.iter().flat_map(|link| [link.one, link.other]).collect();
    named.extend(decisions.keys().flat_map(|pair| [pair.0, pair.1]));
    named.sort_unstable();
    named.dedup();
    let identities = store.journal.identities(&tenant.id, &named).await?;
    let verdict = judge(&Evidence { links, identities, decisions }, &store.config.merges);

    let standing = store.journal.merges(&tenant.id, false).await?;
    let open = store.journal.proposals(&tenant.id).await?;
    let wanted: BTreeSet<Pair> = verdict.merges.iter().map(|judgement| judgement.pair).collect();
    let asked: BTreeSet<Pair> = verdict.proposals.iter().map(|judgement| judgement.pair).collect();
    let stands: BTreeSet<Pair> = standing.iter().map(|merge| Pair::of(merge.one, merge.other)).collect();
    let proposed: BTreeSet<Pair> = open.iter().map(|proposal| Pair::of(proposal.one, proposal.other)).collect();
    let plan = MergePlan {
        evidence,
        undone_by: MergeMaker::Rule,
        make: verdict.merges.iter().filter(|judgement| !stands.contains(&judgement.pair)).map(new_merge).collect(),
        undo: standing
            .iter()
            .filter(|merge| !wanted.contains(&Pair::of(merge.one, merge.other)))
            .map(|merge| merge.number)
            .collect(),
        propose: verdict
            .proposals
            .iter()
            .filter(|judgement| !proposed.contains(&judgement.pair))
            .filter_map(new_proposal)
            .collect(),
        withdraw: open
            .iter()
            .filter(|proposal| !asked.contains(&Pair::of(proposal.one, proposal.other)))
            .map(|proposal| proposal.number)
            .collect(),
    };
    store.journal.apply_merge_plan(&tenant.id, &plan, now).await?;
    Ok(())
}

fn new_merge(judgement: &Judgement) -> NewMerge {
    let made_by = if judgement.basis.is_some() { MergeMaker::Rule } else { MergeMaker::Person(String::new()) };
    NewMerge {
        one: judgement.pair.0,
        other: judgement.pair.1,
        basis: judgement.basis,
        reason: judgement.reason.clone(),
        confidence: judgement.confidence,
        made_by,
    }
}

fn new_proposal(judgement: &Judgement) -> Option<NewProposal> {
    Some(NewProposal {
        one: judgement.pair.0,
        other: judgement.pair.1,
        basis: judgement.basis?,
        reason: judgement.reason.clone(),
        confidence: judgement.confidence,
    })
}

fn said(one: IdentityId, other: IdentityId, decision: MergeDecision, by: &str, at: Instant) -> Said {
    Said { one: one.min(other), other: one.max(other), decision, by: by.to_owned(), at }
}

/// A person says what an open proposal is: one person or two.
pub async fn decide(
    store: &Store,
    tenant: &Tenant,
    proposal: i64,
    decision: MergeDecision,
    by: &str,
    now: Instant,
) -> Result<(), MergeError> {
    let open = store.journal.proposals(&tenant.id).await?;
    let found = open.into_iter().find(|open| open.number == proposal).ok_or(MergeError::NoProposal(proposal))?;
    store.journal.decide(&tenant.id, &said(found.one, found.other, decision, by, now)).await?;
    judge_again(store, tenant, now).await?;
    Ok(())
}

/// A person takes a merge back: from now on the two are different, whatever the evidence.
pub async fn undo(store: &Store, tenant: &Tenant, merge: i64, by: &str, now: Instant) -> Result<(), MergeError> {
    let standing = store.journal.merges(&tenant.id, false).await?;
    let found = standing.into_iter().find(|standing| standing.number == merge).ok_or(MergeError::NoMerge(merge))?;
    store.journal.decide(&tenant.id, &said(found.one, found.other, MergeDecision::Different, by, now)).await?;
    judge_again(store, tenant, now).await?;
    Ok(())
}

/// A person takes back what was decided about two identities: the rules judge them again.
pub async fn forget(store: &Store, tenant: &Tenant, one: i64, other: i64, now: Instant) -> Result<(), MergeError> {
    let pair = Pair::of(IdentityId(one), IdentityId(other));
    let decisions = store.journal.decisions(&tenant.id).await?;
    if !decisions.iter().any(|said| Pair::of(said.one, said.other) == pair) {
        return Err(MergeError::NoDecision(one, other));
    }
    store.journal.undecide(&tenant.id, pair.0, pair.1).await?;
    judge_again(store, tenant, now).await?;
    Ok(())
}

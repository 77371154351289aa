//! Merges: which identities are one contact. Each has its reason, its confidence and its time, and can be undone.

use kith_core::{IdentityId, Instant, LinkBasis, Merge, MergeDecision, MergeMaker, Proposal, TenantId};

use crate::import::{instant, maybe_instant};
use crate::link::basis;
use crate::sql::{Bulk, Row, Tx, args};
use crate::{Journal, JournalError};

#[derive(Debug, Clone, PartialEq)]
pub struct NewMerge {
    pub one: IdentityId,
    pub other: IdentityId,
    /// `None` where a person said so.
    pub basis: Option<LinkBasis>,
    pub reason: String,
    pub confidence: f64,
    pub made_by: MergeMaker,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NewProposal {
    pub one: IdentityId,
    pub other: IdentityId,
    pub basis: LinkBasis,
    pub reason: String,
    pub confidence: f64,
}

/// What the evidence and the decisions now ask for. Making, undoing and proposing happen together or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct MergePlan {
    pub make: Vec<NewMerge>,
    /// Numbers of standing merges.
    pub undo: Vec<i64>,
    /// Who undoes them.
    pub undone_by: MergeMaker,
    pub propose: Vec<NewProposal>,
    /// Numbers of open proposals.
    pub withdraw: Vec<i64>,
    /// The evidence that was judged ([`Journal::evidence`]).
    pub evidence: i64,
}

impl Default for MergePlan {
    fn default() -> Self {
        Self {
            make: Vec::new(),
            undo: Vec::new(),
            undone_by: MergeMaker::Rule,
            propose: Vec::new(),
            withdraw: Vec::new(),
            evidence: 0,
        }
    }
}

/// What a person said about two identities; `one` is the smaller number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub one: IdentityId,
    pub other: IdentityId,
    pub decision: MergeDecision,
    pub by: String,
    pub at: Instant,
}

const MERGES: &str = "SELECT number, one, other, basis, reason, confidence, made_at, made_by, undone_at, undone_by FROM merges";

impl Journal {
    /// The merges of a tenant by number, those that were undone only when asked for.
    pub async fn merges(&self, tenant: &TenantId, include_undone: bool) -> Result<Vec<Merge>, JournalError> {
        if !include_undone {
            return self.standing_merges(tenant).await;
        }
        let tenant = self.tenant_number(tenant).await?;
        self.pool().rows(format!("{MERGES} WHERE tenant = $1 ORDER BY number"), args![tenant], merge).await
    }

    /// The merges by which identities are one contact now, by number.
    pub async fn standing_merges(&self, tenant: &TenantId) -> Result<Vec<Merge>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = format!("{MERGES} WHERE tenant = $1 AND undone_at IS NULL ORDER BY number");
        self.pool().rows(sql, args![tenant], merge).await
    }

    pub async fn merge(&self, tenant: &TenantId, number: i64) -> Result<Option<Merge>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().row(format!("{MERGES} WHERE tenant = $1 AND number = $2"), args![tenant, number], merge).await
    }

    /// Open proposals, by number.
    pub async fn proposals(&self, tenant: &TenantId) -> Result<Vec<Proposal>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT number, one, other, basis, reason, confidence, proposed_at FROM proposals \
             WHERE tenant = $1 AND withdrawn_at IS NULL ORDER BY number";
        self.pool().rows(sql, args![tenant], proposal).await
    }

    /// Carries out a plan in one transaction. A merge or proposal that is no longer open is a [`JournalError::Conflict`].
    pub async fn apply_merge_plan(&self, tenant: &TenantId, plan: &MergePlan, at: Instant) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin().await?;
        for number in &plan.undo {
            let sql = "UPDATE merges SET undone_at = $3, undone_by = $4 WHERE number = $1 AND tenant = $2 AND undone_at IS NULL";
            let changed = tx.execute(sql, args![*number, tenant, at.micros(), maker(&plan.undone_by)]).await?;
            still_open(changed, "merge", *number)?;
        }
        for number in &plan.withdraw {
            let sql = "UPDATE proposals SET withdrawn_at = $3 WHERE number = $1 AND tenant = $2 AND withdrawn_at IS NULL";
            let changed = tx.execute(sql, args![*number, tenant, at.micros()]).await?;
            still_open(changed, "proposal", *number)?;
        }
        make(&mut tx, tenant, &plan.make, at).await?;
        propose(&mut tx, tenant, &plan.propose, at).await?;
        tx.execute("UPDATE tenants SET judged = $2 WHERE n = $1", args![tenant, plan.evidence]).await?;
        tx.commit().await
    }

    /// How much evidence there is, and by how much of it the merges were judged: where the two differ, a judgement is due.
    pub async fn evidence(&self, tenant: &TenantId) -> Result<(i64, i64), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let read = |row: &Row| Ok((row.int(0)?, row.int(1)?));
        let found = self.pool().row("SELECT evidence, judged FROM tenants WHERE n = $1", args![tenant], read).await?;
        Ok(found.unwrap_or_default())
    }

    /// Writes down what a person says about two identities; it takes the place of what was said about them before.
    pub async fn decide(&self, tenant: &TenantId, decision: &Decision) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let (one, other) = ordered(decision.one, decision.other);
        let said = match decision.decision {
            MergeDecision::Same => "same",
            MergeDecision::Different => "different",
        };
        let sql = "INSERT INTO decisions (tenant, one, other, decision, decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (tenant, one, other) DO UPDATE SET decision = excluded.decision, decided_by = excluded.decided_by, \
             decided_at = excluded.decided_at";
        let mut tx = self.begin().await?;
        tx.execute(sql, args![tenant, one, other, said, &decision.by, decision.at.micros()]).await?;
        more_evidence(&mut tx, tenant).await?;
        tx.commit().await
    }

    /// Takes back what a person said about two identities.
    pub async fn undecide(&self, tenant: &TenantId, one: IdentityId, other: IdentityId) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let (one, other) = ordered(one, other);
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM decisions WHERE tenant = $1 AND one = $2 AND other = $3";
        if tx.execute(sql, args![tenant, one, other]).await? == 0 {
            return Err(JournalError::NotFound { what: format!("decision about the identities {one} and {other}") });
        }
        more_evidence(&mut tx, tenant).await?;
        tx.commit().await
    }

    /// What people have said, by identities.
    pub async fn decisions(&self, tenant: &TenantId) -> Result<Vec<Decision>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "SELECT one, other, decision, decided_by, decided_at FROM decisions WHERE tenant = $1 ORDER BY one, other";
        self.pool().rows(sql, args![tenant], decision).await
    }
}

/// Links or decisions of a tenant have changed: its merges are to be judged again.
pub(crate) async fn more_evidence(tx: &mut Tx, tenant: i64) -> Result<(), JournalError> {
    tx.execute("UPDATE tenants SET evidence = evidence + 1 WHERE n = $1", args![tenant]).await?;
    Ok(())
}

fn still_open(changed: u64, what: &str, number: i64) -> Result<(), JournalError> {
    if changed == 0 { Err(JournalError::Conflict { what: format!("{what} {number}") }) } else { Ok(()) }
}

fn ordered(one: IdentityId, other: IdentityId) -> (i64, i64) {
    (one.0.min(other.0), one.0.max(other.0))
}

async fn make(tx: &mut Tx, tenant: i64, merges: &[NewMerge], at: Instant) -> Result<(), JournalError> {
    let bulk = Bulk {
        head: "INSERT INTO merges (number, tenant, one, other, basis, reason, confidence, made_at, made_by)",
        columns: 9,
        tail: "",
    };
    let mut number = tx.row("SELECT coalesce(max(number), 0) FROM merges", args![], |row| row.int(0)).await?.unwrap_or_default();
    tx.insert(bulk, merges.len(), |place, out| {
        let new = &merges[place];
        number += 1;
        let (basis, by) = (new.basis.map(LinkBasis::as_str), maker(&new.made_by));
        out.extend(args![number, tenant, new.one.0, new.other.0, basis, &new.reason, new.confidence, at.micros(), by]);
    })
    .await
    .map(drop)
}

async fn propose(tx: &mut Tx, tenant: i64, proposals: &[NewProposal], at: Instant) -> Result<(), JournalError> {
    let bulk = Bulk {
        head: "INSERT INTO proposals (number, tenant, one, other, basis, reason, confidence, proposed_at)",
        columns: 8,
        tail: "",
    };
    let mut number =
        tx.row("SELECT coalesce(max(number), 0) FROM proposals", args![], |row| row.int(0)).await?.unwrap_or_default();
    tx.insert(bulk, proposals.len(), |place, out| {
        let new = &proposals[place];
        number += 1;
        out.extend(args![number, tenant, new.one.0, new.other.0, new.basis.as_str(), &new.reason, new.confidence, at.micros()]);
    })
    .await
    .map(drop)
}

/// NULL is the rules.
fn maker(maker: &MergeMaker) -> Option<&str> {
    match maker {
        MergeMaker::Rule => None,
        MergeMaker::Person(name) => Some(name),
    }
}

fn by(name: Option<String>) -> MergeMaker {
    name.map_or(MergeMaker::Rule, MergeMaker::Person)
}

fn merge(row: &Row) -> Result<Merge, JournalError> {
    let undone_at = maybe_instant(row.maybe_int(8)?)?;
    let undone_by = row.maybe_text(9)?;
    Ok(Merge {
        number: row.int(0)?,
        one: IdentityId(row.int(1)?),
        other: IdentityId(row.int(2)?),
        basis: row.maybe_text(3)?.map(|text| basis(&text)).transpose()?,
        reason: row.text(4)?,
        confidence: row.real(5)?,
        made_at: instant(row.int(6)?)?,
        made_by: by(row.maybe_text(7)?),
        undone_at,
        undone_by: undone_at.map(|_| by(undone_by)),
    })
}

fn proposal(row: &Row) -> Result<Proposal, JournalError> {
    Ok(Proposal {
        number: row.int(0)?,
        one: IdentityId(row.int(1)?),
        other: IdentityId(row.int(2)?),
        basis: basis(&row.text(3)?)?,
        reason: row.text(4)?,
        confidence: row.real(5)?,
        proposed_at: instant(row.int(6)?)?,
    })
}

fn decision(row: &Row) -> Result<Decision, JournalError> {
    Ok(Decision {
        one: IdentityId(row.int(0)?),
        other: IdentityId(row.int(1)?),
        decision: if row.text(2)? == "same" { MergeDecision::Same } else { MergeDecision::Different },
        by: row.text(3)?,
        at: instant(row.int(4)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn a_plan_is_carried_out_wholly_or_not_at_all() {
        for store in testing::stores().await {
            let (journal, tenant, at) = (&store.journal, &store.tenant, testing::at(1));
            let new = |one, other| NewMerge {
                one: IdentityId(one),
                other: IdentityId(other),
                basis: Some(LinkBasis::Phone),
                reason: "one phone".into(),
                confidence: 0.95,
                made_by: MergeMaker::Rule,
            };
            let doubtful = NewProposal {
                one: IdentityId(5),
                other: IdentityId(6),
                basis: LinkBasis::Device,
                reason: "one device".into(),
                confidence: 0.6,
            };
            let plan = MergePlan { make: vec![new(1, 2), new(3, 4)], propose: vec![doubtful], ..MergePlan::default() };
            journal.apply_merge_plan(tenant, &plan, at).await.unwrap();
            let undo = MergePlan {
                undo: vec![1],
                undone_by: MergeMaker::Person("小明".into()),
                withdraw: vec![1],
                ..MergePlan::default()
            };
            journal.apply_merge_plan(tenant, &undo, at).await.unwrap();
            assert_eq!(journal.standing_merges(tenant).await.unwrap().len(), 1);
            assert!(journal.proposals(tenant).await.unwrap().is_empty());
            let first = journal.merge(tenant, 1).await.unwrap().unwrap();
            assert_eq!((first.undone_at, first.undone_by), (Some(at), Some(MergeMaker::Person("小明".into()))));
            let twice = MergePlan { make: vec![new(7, 8)], undo: vec![2, 1], ..MergePlan::default() };
            assert!(matches!(journal.apply_merge_plan(tenant, &twice, at).await, Err(JournalError::Conflict { .. })));
            assert_eq!(journal.standing_merges(tenant).await.unwrap().len(), 1, "nothing of a refused plan happens");
            assert_eq!(journal.merges(tenant, true).await.unwrap().len(), 2);
        }
    }

    #[tokio::test]
    async fn what_a_person_says_of_two_replaces_what_was_said_before_in_either_order() {
        for store in testing::stores().await {
            let (journal, tenant) = (&store.journal, &store.tenant);
            let say = |one, other, decision| Decision {
                one: IdentityId(one),
                other: IdentityId(other),
                decision,
                by: "owner".into(),
                at: testing::at(2),
            };
            journal.decide(tenant, &say(2, 1, MergeDecision::Same)).await.unwrap();
            journal.decide(tenant, &say(1, 2, MergeDecision::Different)).await.unwrap();
            assert_eq!(journal.decisions(tenant).await.unwrap(), [say(1, 2, MergeDecision::Different)]);
            journal.undecide(tenant, IdentityId(2), IdentityId(1)).await.unwrap();
            assert!(journal.decisions(tenant).await.unwrap().is_empty());
            let again = journal.undecide(tenant, IdentityId(2), IdentityId(1)).await;
            assert!(matches!(again, Err(JournalError::NotFound { .. })));
        }
    }
}

//! A campaign on the pages: planned, changed, started. It cannot start without a definition of success (demand 2.6).

use kith_core::{Campaign, Day, Placement, Slug, SuccessDefinition, Tenant};

use super::plan_file::PlanError;
use crate::store::{Store, StoreError};

/// Where a campaign stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignState {
    Planned,
    /// Its first day has come, and nobody has said what success would be.
    Held,
    Running,
    Ended,
}

impl CampaignState {
    #[must_use]
    pub fn of(campaign: &Campaign, today: Day) -> Self {
        if today < campaign.from {
            Self::Planned
        } else if campaign.success.is_none() {
            Self::Held
        } else if today <= campaign.until {
            Self::Running
        } else {
            Self::Ended
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Held => "held",
            Self::Running => "running",
            Self::Ended => "ended",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    #[error("there is no campaign {0}: `kith plan` lists them")]
    NoCampaign(Slug),
    #[error("there is a campaign {0} already: change that one, or choose another short name")]
    Exists(Slug),
    #[error("campaign {campaign} has no stage {stage} with a step {step}; they are counted from 0")]
    NoStep { campaign: Slug, stage: usize, step: usize },
    #[error("the definition of success has no {0}: say measure, target, day and method")]
    IncompleteSuccess(&'static str),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<kith_journal::JournalError> for CampaignError {
    fn from(error: kith_journal::JournalError) -> Self {
        Self::Store(error.into())
    }
}

/// What makes a campaign sound, whoever wrote it down.
pub fn check_campaign(campaign: &Campaign, today: Day) -> Result<(), CampaignError> {
    let (id, from, until) = (campaign.id.clone(), campaign.from, campaign.until);
    if until < from {
        return Err(PlanError::Backwards { campaign: id, from, until }.into());
    }
    match &campaign.success {
        Some(success) => check_success(success),
        None if from <= today => Err(PlanError::NoSuccess { campaign: id, from }.into()),
        None => Ok(()),
    }
}

fn check_success(success: &SuccessDefinition) -> Result<(), CampaignError> {
    let missing = if success.measure.trim().is_empty() {
        "measure"
    } else if success.method.trim().is_empty() {
        "method"
    } else if !success.target.is_finite() || !success.baseline.is_finite() {
        "target"
    } else {
        return Ok(());
    };
    Err(CampaignError::IncompleteSuccess(missing))
}

/// The campaign with this short name.
pub async fn find_campaign(store: &Store, tenant: &Tenant, id: &Slug) -> Result<Campaign, CampaignError> {
    store.journal.campaign(&tenant.id, id).await?.ok_or_else(|| CampaignError::NoCampaign(id.clone()))
}

/// Adds a campaign whose name nobody has taken.
pub async fn add_campaign(store: &Store, tenant: &Tenant, campaign: &Campaign, today: Day) -> Result<(), CampaignError> {
    check_campaign(campaign, today)?;
    if store.journal.campaign(&tenant.id, &campaign.id).await?.is_some() {
        return Err(CampaignError::Exists(campaign.id.clone()));
    }
    Ok(store.journal.put_campaign(&tenant.id, campaign).await?)
}

/// Changes all of a campaign but its short name.
pub async fn change_campaign(store: &Store, tenant: &Tenant, campaign: &Campaign, today: Day) -> Result<(), CampaignError> {
    find_campaign(store, tenant, &campaign.id).await?;
    check_campaign(campaign, today)?;
    Ok(store.journal.put_campaign(&tenant.id, campaign).await?)
}

/// Starts a planned campaign today instead of on its day; its length stays. One that runs already stays as it is.
pub async fn start_campaign(store: &Store, tenant: &Tenant, id: &Slug, today: Day) -> Result<Campaign, CampaignError> {
    let mut campaign = find_campaign(store, tenant, id).await?;
    if campaign.success.is_none() {
        return Err(PlanError::NoSuccess { campaign: id.clone(), from: today }.into());
    }
    if today < campaign.from {
        let early = (campaign.from.0 - today.0).num_days();
        (campaign.from, campaign.until) = (today, campaign.until.plus(-early));
        check_campaign(&campaign, today)?;
        store.journal.put_campaign(&tenant.id, &campaign).await?;
    }
    Ok(campaign)
}

/// Says of one step of a campaign whether it is done.
pub async fn set_step_done(
    store: &Store,
    tenant: &Tenant,
    id: &Slug,
    (stage, step): (usize, usize),
    done: bool,
) -> Result<Campaign, CampaignError> {
    let mut campaign = find_campaign(store, tenant, id).await?;
    let found = campaign.stages.get_mut(stage).and_then(|stage| stage.steps.get_mut(step));
    let found = found.ok_or_else(|| CampaignError::NoStep { campaign: id.clone(), stage, step })?;
    found.done = done;
    store.journal.put_campaign(&tenant.id, &campaign).await?;
    Ok(campaign)
}

/// Adds or changes a placement of a campaign that exists.
pub async fn put_placement(store: &Store, tenant: &Tenant, placement: &Placement) -> Result<(), CampaignError> {
    find_campaign(store, tenant, &placement.campaign).await?;
    if placement.until < placement.from {
        let (campaign, from, until) = (placement.campaign.clone(), placement.from, placement.until);
        return Err(PlanError::Backwards { campaign, from, until }.into());
    }
    Ok(store.journal.put_placement(&tenant.id, placement).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(from: &str, until: &str) -> Campaign {
        let day = |text| Day::parse(text).unwrap();
        let id = Slug::parse("spring").unwrap();
        Campaign { id, name: "Spring".into(), from: day(from), until: day(until), success: None, stages: Vec::new() }
    }

    fn success() -> SuccessDefinition {
        let by = Day::parse("2026-12-31").unwrap();
        SuccessDefinition { measure: "orders".into(), baseline: 10.0, target: 30.0, by, method: "counted".into() }
    }

    #[test]
    fn a_campaign_whose_day_has_come_without_a_definition_of_success_is_held() {
        let today = Day::parse("2026-11-21").unwrap();
        let mut spring = campaign("2026-11-21", "2026-12-31");
        assert_eq!(CampaignState::of(&spring, today), CampaignState::Held);
        assert!(matches!(check_campaign(&spring, today), Err(CampaignError::Plan(PlanError::NoSuccess { .. }))));
        spring.success = Some(success());
        assert_eq!(CampaignState::of(&spring, today), CampaignState::Running);
        check_campaign(&spring, today).unwrap();
        assert_eq!(CampaignState::of(&spring, today.plus(-1)), CampaignState::Planned);
        assert_eq!(CampaignState::of(&spring, today.plus(100)), CampaignState::Ended);
    }

    #[test]
    fn a_definition_of_success_without_a_measure_is_none() {
        let today = Day::parse("2026-11-21").unwrap();
        let vague = SuccessDefinition { measure: " ".into(), ..success() };
        let spring = Campaign { success: Some(vague), ..campaign("2026-12-01", "2026-12-31") };
        assert!(matches!(check_campaign(&spring, today), Err(CampaignError::IncompleteSuccess("measure"))));
    }
}

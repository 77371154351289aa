//! A plan as a person writes it in TOML, until the calendar page takes over.
//!
//! Loading a plan adds to what is there and replaces what has the same short name. A campaign may be planned without a definition of
//! success; it cannot start without one (demand 2.6), so a campaign whose first day has come is refused without it.

use std::path::{Path, PathBuf};

use kith_core::{
    Account, AccountRole, Brand, BrandSide, Calendar, Campaign, Channel, Day, IdError, Instant, Medium, Money, MoneyError,
    Placement, Slug, Stage, Step, SuccessDefinition, Tenant, parse_money,
};
use serde::Deserialize;

use crate::store::{Store, StoreError};

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("could not read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} line {line}: {message}", path.display())]
    Wrong { path: PathBuf, line: usize, message: String },
    #[error(
        "campaign {campaign} starts on {from} and has no definition of success: say measure, baseline, target, by and method"
    )]
    NoSuccess { campaign: Slug, from: Day },
    #[error("campaign {campaign} ends on {until}, before it starts on {from}")]
    Backwards { campaign: Slug, from: Day, until: Day },
    #[error("placement {placement} belongs to the campaign {campaign}, which is neither in the plan nor in the store")]
    NoCampaign { placement: Slug, campaign: Slug },
    #[error("the cost of placement {placement} is wrong")]
    Cost {
        placement: Slug,
        #[source]
        source: MoneyError,
    },
    #[error(transparent)]
    Name(#[from] IdError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<kith_journal::JournalError> for PlanError {
    fn from(error: kith_journal::JournalError) -> Self {
        Self::Store(error.into())
    }
}

/// A plan, parsed and checked, not yet stored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanFile {
    pub brands: Vec<Brand>,
    pub accounts: Vec<Account>,
    pub campaigns: Vec<Campaign>,
    pub placements: Vec<Placement>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Text {
    brand: Vec<BrandText>,
    account: Vec<AccountText>,
    campaign: Vec<CampaignText>,
    placement: Vec<PlacementText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BrandText {
    id: Slug,
    name: String,
    side: BrandSide,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountText {
    id: Slug,
    channel: Channel,
    handle: String,
    #[serde(default)]
    role: Vec<AccountRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CampaignText {
    id: Slug,
    name: String,
    from: Day,
    until: Day,
    success: Option<SuccessDefinition>,
    #[serde(default)]
    stage: Vec<StageText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageText {
    name: String,
    #[serde(default)]
    step: Vec<StepText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepText {
    what: String,
    owner: String,
    on: Day,
    #[serde(default)]
    done: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacementText {
    id: Slug,
    campaign: Slug,
    medium: Medium,
    #[serde(default)]
    content: String,
    #[serde(default)]
    form: String,
    #[serde(default)]
    place: String,
    from: Day,
    until: Day,
    cost: Option<String>,
    link: Option<String>,
}

impl PlanFile {
    /// Parses the text of a plan; `today` decides which campaigns have started, `path` is for errors.
    pub fn parse(text: &str, path: &Path, tenant: &Tenant, today: Day) -> Result<Self, PlanError> {
        let plan: Text = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            PlanError::Wrong { path: path.to_owned(), line, message: error.message().trim().replace('\n', ", ") }
        })?;
        Ok(Self {
            brands: plan.brand.into_iter().map(|b| Brand { id: b.id, name: b.name, side: b.side, aliases: b.aliases }).collect(),
            accounts: plan
                .account
                .into_iter()
                .map(|a| Account { id: a.id, channel: a.channel, handle: a.handle, roles: a.role })
                .collect(),
            campaigns: plan.campaign.into_iter().map(|campaign| checked_campaign(campaign, today)).collect::<Result<_, _>>()?,
            placements: plan
                .placement
                .into_iter()
                .map(|placement| checked_placement(placement, tenant))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn checked_campaign(text: CampaignText, today: Day) -> Result<Campaign, PlanError> {
    if text.until < text.from {
        return Err(PlanError::Backwards { campaign: text.id, from: text.from, until: text.until });
    }
    if text.success.is_none() && text.from <= today {
        return Err(PlanError::NoSuccess { campaign: text.id, from: text.from });
    }
    let stages = text.stage.into_iter().map(|stage| Stage {
        name: stage.name,
        steps: stage
            .step
            .into_iter()
            .map(|step| Step { what: step.what, owner: step.owner, on: step.on, done: step.done })
            .collect(),
    });
    Ok(Campaign {
        id: text.id,
        name: text.name,
        from: text.from,
        until: text.until,
        success: text.success,
        stages: stages.collect(),
    })
}

fn checked_placement(text: PlacementText, tenant: &Tenant) -> Result<Placement, PlanError> {
    let cost = text.cost.as_deref().map(|cost| parse_money(cost, tenant.currency)).transpose();
    let cost: Option<Money> = cost.map_err(|source| PlanError::Cost { placement: text.id.clone(), source })?;
    Ok(Placement {
        link: text.link.unwrap_or_else(|| text.id.to_string()),
        id: text.id,
        campaign: text.campaign,
        medium: text.medium,
        content: text.content,
        form: text.form,
        place: text.place,
        from: text.from,
        until: text.until,
        cost,
    })
}

/// Reads a plan and stores it. Nothing is stored unless all of it is sound.
pub async fn load(store: &Store, tenant: &Tenant, path: &Path, now: Instant) -> Result<PlanFile, PlanError> {
    let text = std::fs::read_to_string(path).map_err(|source| PlanError::Unreadable { path: path.to_owned(), source })?;
    let calendar: Calendar = tenant.calendar;
    let plan = PlanFile::parse(&text, path, tenant, calendar.day(now))?;
    let known = store.journal.campaigns(&tenant.id).await?;
    for placement in &plan.placements {
        let exists = plan.campaigns.iter().chain(&known).any(|campaign| campaign.id == placement.campaign);
        if !exists {
            return Err(PlanError::NoCampaign { placement: placement.id.clone(), campaign: placement.campaign.clone() });
        }
    }
    store_plan(store, tenant, &plan).await?;
    Ok(plan)
}

/// Stores a plan that has been checked.
pub async fn store_plan(store: &Store, tenant: &Tenant, plan: &PlanFile) -> Result<(), StoreError> {
    for brand in &plan.brands {
        store.journal.put_brand(&tenant.id, brand).await?;
    }
    for account in &plan.accounts {
        store.journal.put_account(&tenant.id, account).await?;
    }
    for campaign in &plan.campaigns {
        store.journal.put_campaign(&tenant.id, campaign).await?;
    }
    for placement in &plan.placements {
        store.journal.put_placement(&tenant.id, placement).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_core::{Currency, Language};

    fn parse(text: &str) -> Result<PlanFile, PlanError> {
        let tenant = Tenant {
            id: Slug::parse("tea").unwrap(),
            name: "Tea".into(),
            calendar: Calendar::parse("Asia/Shanghai").unwrap(),
            currency: Currency::CNY,
            language: Language::En,
            country: "CN".into(),
        };
        PlanFile::parse(text, Path::new("plan.toml"), &tenant, Day::parse("2026-11-21").unwrap())
    }

    const CAMPAIGN: &str =
        "[[campaign]]\nid = \"spring\"\nname = \"Spring tea\"\nfrom = \"2026-11-01\"\nuntil = \"2026-11-30\"\n";

    #[test]
    fn a_campaign_that_has_started_needs_a_definition_of_success() {
        assert!(matches!(parse(CAMPAIGN), Err(PlanError::NoSuccess { .. })));
        let later = CAMPAIGN.replace("2026-11", "2026-12").replace("12-30", "12-31");
        assert_eq!(parse(&later).unwrap().campaigns.len(), 1);
        let with = format!(
            "{CAMPAIGN}[campaign.success]\nmeasure = \"orders\"\nbaseline = 10.0\ntarget = 30.0\nby = \"2026-11-30\"\nmethod = \"orders in the campaign's days\"\n"
        );
        assert_eq!(parse(&with).unwrap().campaigns[0].success.as_ref().unwrap().target, 30.0);
    }

    #[test]
    fn a_placement_has_a_price_as_people_write_it() {
        let text = "[[placement]]\nid = \"weibo-1\"\ncampaign = \"spring\"\nmedium = \"weibo\"\nfrom = \"2026-12-01\"\nuntil = \"2026-12-03\"\ncost = \"¥1,200\"\n";
        let plan = parse(text).unwrap();
        assert_eq!(plan.placements[0].cost, Some(Money::new(120_000, Currency::CNY)));
        assert_eq!(plan.placements[0].link, "weibo-1");
        assert!(matches!(parse(&text.replace("¥1,200", "a lot")), Err(PlanError::Cost { .. })));
    }

    #[test]
    fn an_error_names_the_line() {
        let wrong = parse("[[account]]\nid = \"a\"\nchanel = \"weibo\"\n").unwrap_err();
        assert!(matches!(wrong, PlanError::Wrong { line: 3, .. }), "{wrong}");
    }
}

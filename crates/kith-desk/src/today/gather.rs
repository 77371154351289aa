//! Asks the journal and the lake for the facts of a morning.

use std::collections::BTreeMap;

use kith_core::{Campaign, CampaignProgress, ContactId, Day, Instant, Language, SuccessDefinition, Tenant, Window};
use kith_lake::{Cut, DriftRules, Group, LakeError, Session};

use super::action::Morning;
use super::facts::{AccountFault, CampaignBehind, Complaint, Drifting, Facts, RefusedRows, Unasked, WellWhat, WentWell};
use super::rules::decide;
use crate::audience::{Contacts, display_name};
use crate::picture::Picture;
use crate::store::{Store, StoreError};

/// What is to be done this morning, as of an instant.
///
/// `evidence` is how many lines each action shows: a few in the morning, all when somebody asks for one rule.
pub async fn morning(
    store: &Store,
    tenant: &Tenant,
    as_of: Instant,
    language: Language,
    evidence: u32,
) -> Result<Morning, StoreError> {
    morning_in(store, tenant, &store.picture(tenant, as_of).await?, language, evidence).await
}

/// The same, as a picture has it.
pub async fn morning_in(
    store: &Store,
    tenant: &Tenant,
    picture: &Picture,
    language: Language,
    evidence: u32,
) -> Result<Morning, StoreError> {
    let as_of = picture.session.as_of();
    let today = tenant.calendar.day(as_of);
    let facts = gather(store, tenant, picture, today, evidence).await?;
    Ok(decide(&facts, &store.config.today, today, as_of, language))
}

async fn gather(store: &Store, tenant: &Tenant, picture: &Picture, today: Day, evidence: u32) -> Result<Facts, StoreError> {
    let session = &picture.session;
    let as_of = session.as_of();
    let rules = &store.config.today;
    let names = Names { store, tenant, contacts: &picture.contacts };
    let mut facts = Facts::default();

    let since = as_of.plus_seconds(-86_400 * i64::from(rules.complaint_days));
    for complaint in session.unanswered_complaints(since, as_of, evidence).await? {
        facts.complaints_total = complaint.total;
        let Ok(channel) = kith_core::Channel::parse(&complaint.channel) else {
            continue;
        };
        let name = names.of(complaint.contact).await?;
        facts.complaints.push(Complaint { contact: complaint.contact, name, channel, at: complaint.at, text: complaint.text });
    }

    let drift = DriftRules {
        factor: rules.lapse_factor,
        least_orders: rules.lapse_orders,
        lapsed_days: store.config.lifecycle.lapsed_customer_days,
    };
    for customer in session.drifting(as_of, drift, evidence).await? {
        facts.drifting_total = customer.total;
        facts.drifting.push(Drifting {
            contact: customer.contact,
            name: names.of(customer.contact).await?,
            orders: customer.orders,
            usual_gap_days: customer.usual_gap_days,
            silent_days: customer.silent_days,
        });
    }

    for customer in session.unasked(as_of, rules.ask_after_days, rules.ask_until_days, evidence).await? {
        facts.unasked_total = customer.total;
        facts.unasked.push(Unasked {
            contact: customer.contact,
            name: names.of(customer.contact).await?,
            order: customer.order,
            delivered_at: customer.delivered_at,
            late: customer.late,
        });
    }

    facts.well = session.week_beside_week(as_of).await?.into_iter().filter_map(went_well).collect();
    facts.refused = refused(store, tenant).await?;
    facts.proposals = store.journal.proposals(&tenant.id).await?;
    facts.proposals_total = facts.proposals.len() as u64;

    let accounts = store.journal.accounts(&tenant.id).await?;
    facts.has_accounts = !accounts.is_empty();
    for account in accounts {
        if let Err(fault) = account.role() {
            facts.accounts.push(AccountFault { account: account.id.to_string(), fault });
        }
    }

    for campaign in store.journal.campaigns(&tenant.id).await? {
        let steps = campaign.stages.iter().flat_map(|stage| &stage.steps).filter(|step| !step.done && step.on >= today);
        if let Some(next) = steps.map(|step| step.on).min() {
            facts.next_planned = Some(facts.next_planned.map_or(next, |day| day.min(next)));
        }
        let running = campaign.from <= today && today <= campaign.until;
        if running
            && let Some(progress) = progress(session, &campaign).await?
            && progress.is_behind()
        {
            facts.behind.push(CampaignBehind { campaign: campaign.id.to_string(), progress });
        }
    }
    Ok(facts)
}

/// How far a campaign is; `None` where it has no definition of success, or one that only people can count.
pub async fn progress(session: &Session, campaign: &Campaign) -> Result<Option<CampaignProgress>, LakeError> {
    let Some(success) = &campaign.success else { return Ok(None) };
    let calendar = session.calendar();
    let (from, until) = (calendar.start(campaign.from), calendar.start(campaign.until.plus(1)).min(session.as_of()));
    let reached = reached(session, success, campaign.id.as_str(), from, until).await?;
    Ok(reached.map(|reached| success.progress(campaign.from, calendar.day(session.as_of()), reached)))
}

/// What a campaign has brought of the measure by which it defines success; `None` for a measure that only people can count.
async fn reached(
    session: &Session,
    success: &SuccessDefinition,
    campaign: &str,
    from: Instant,
    until: Instant,
) -> Result<Option<f64>, LakeError> {
    let Ok(window) = Window::new(from, until) else {
        return Ok(Some(0.0));
    };
    let cut = Cut { campaign: Some(campaign.to_owned()), ..Cut::by(window, Group::Whole) };
    Ok(match success.measure.as_str() {
        "orders" => Some(session.sales(&cut).await?.iter().map(|row| row.orders as f64).sum()),
        "revenue" => Some(session.sales(&cut).await?.iter().map(|row| row.net() as f64 / 100.0).sum()),
        "leads" => Some(session.leads(&cut).await?.iter().map(|row| row.leads as f64).sum()),
        "visits" => Some(session.traffic(&cut).await?.iter().map(|row| row.visits as f64).sum()),
        _ => None,
    })
}

async fn refused(store: &Store, tenant: &Tenant) -> Result<Vec<RefusedRows>, StoreError> {
    let imports = store.journal.refused(&tenant.id).await?;
    let refused = imports.into_iter().map(|import| {
        let path = import.refused_path.unwrap_or_default();
        let reason = most_frequent_reason(&path).unwrap_or_else(|| "see the file".to_owned());
        RefusedRows { import: import.id.0, file: import.file_name, rows: import.counts.refused, path, reason }
    });
    Ok(refused.collect())
}

/// A file of refused rows says why; its first thousand rows are enough to see what is usual.
fn most_frequent_reason(path: &str) -> Option<String> {
    let mut tables = kith_channels::file::open(std::path::Path::new(path), &kith_channels::file::OpenOptions::default()).ok()?;
    let table = tables.first_mut()?;
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut left = 1_000;
    while let Ok(Some(chunk)) = table.next_chunk() {
        chunk.each(|row| {
            // A row that still has the wrong number of cells says it of itself.
            let reason = match &row {
                Ok(row) => row.refused_because().map(str::to_owned),
                Err(misfit) => Some(misfit.refusal.reason.clone()),
            };
            if let Some(reason) = reason.filter(|_| left > 0) {
                left -= 1;
                *counts.entry(reason).or_default() += 1;
            }
        });
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(reason, _)| reason)
}

fn went_well(row: kith_lake::WeekBesideWeek) -> Option<WentWell> {
    let what = match row.what.as_str() {
        "orders" => WellWhat::Orders,
        "new-customers" => WellWhat::NewCustomers,
        "good-reviews" => WellWhat::GoodReviews,
        "referrals" => WellWhat::Referrals,
        _ => return None,
    };
    Some(WentWell { what, now: row.now, before: row.earlier })
}

/// What people would call a contact.
struct Names<'a> {
    store: &'a Store,
    tenant: &'a Tenant,
    contacts: &'a Contacts,
}

impl Names<'_> {
    async fn of(&self, contact: ContactId) -> Result<String, StoreError> {
        let identities = self.store.journal.identities(&self.tenant.id, &self.contacts.identities(contact)).await?;
        Ok(display_name(&identities, contact))
    }
}

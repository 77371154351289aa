//! The plan: campaigns with their stages and steps, and the placements in which they show.

use kith_core::{Campaign, Currency, Day, Medium, Money, Placement, Slug, Stage, Step, SuccessDefinition, TenantId};

use crate::sql::{Row, Tx, args};
use crate::{Journal, JournalError};

const PLACEMENTS: &str =
    "SELECT id, campaign, medium, content, form, place, from_day, until_day, cost_minor, cost_currency, link FROM placements";

impl Journal {
    /// Adds a campaign with all its stages and steps, or changes all but its id.
    pub async fn put_campaign(&self, tenant: &TenantId, campaign: &Campaign) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin().await?;
        let id = campaign.id.as_str();
        let success = campaign.success.as_ref();
        let sql = "INSERT INTO campaigns (tenant, id, name, from_day, until_day, success_measure, success_baseline, success_target, \
             success_by, success_method) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, from_day = excluded.from_day, until_day = excluded.until_day, \
             success_measure = excluded.success_measure, success_baseline = excluded.success_baseline, \
             success_target = excluded.success_target, success_by = excluded.success_by, success_method = excluded.success_method";
        let values = args![
            tenant,
            id,
            &campaign.name,
            campaign.from.to_string(),
            campaign.until.to_string(),
            success.map(|success| success.measure.as_str()),
            success.map(|success| success.baseline),
            success.map(|success| success.target),
            success.map(|success| success.by.to_string()),
            success.map(|success| success.method.as_str()),
        ];
        tx.execute(sql, values).await?;
        tx.execute("DELETE FROM campaign_steps WHERE tenant = $1 AND campaign = $2", args![tenant, id]).await?;
        tx.execute("DELETE FROM campaign_stages WHERE tenant = $1 AND campaign = $2", args![tenant, id]).await?;
        for (n, stage) in (0_i64..).zip(&campaign.stages) {
            put_stage(&mut tx, tenant, id, n, stage).await?;
        }
        tx.commit().await
    }

    /// All campaigns of a tenant, by their first day.
    pub async fn campaigns(&self, tenant: &TenantId) -> Result<Vec<Campaign>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let mut tx = self.begin_read().await?;
        let sql = "SELECT id, name, from_day, until_day, success_measure, success_baseline, success_target, success_by, success_method \
             FROM campaigns WHERE tenant = $1 ORDER BY from_day, id";
        let mut campaigns = tx.rows(sql, args![tenant], campaign).await?;
        let sql = "SELECT campaign, name FROM campaign_stages WHERE tenant = $1 ORDER BY campaign, n";
        for (id, name) in tx.rows(sql, args![tenant], |row| Ok((row.text(0)?, row.text(1)?))).await? {
            if let Some(campaign) = campaigns.iter_mut().find(|campaign| campaign.id.as_str() == id) {
                campaign.stages.push(Stage { name, steps: Vec::new() });
            }
        }
        let sql =
            "SELECT campaign, stage, what, owner, on_day, done FROM campaign_steps WHERE tenant = $1 ORDER BY campaign, stage, n";
        for (id, stage, step) in tx.rows(sql, args![tenant], step).await? {
            let campaign = campaigns.iter_mut().find(|campaign| campaign.id.as_str() == id);
            if let Some(stage) = campaign.and_then(|campaign| campaign.stages.get_mut(stage)) {
                stage.steps.push(step);
            }
        }
        Ok(campaigns)
    }

    pub async fn campaign(&self, tenant: &TenantId, id: &Slug) -> Result<Option<Campaign>, JournalError> {
        Ok(self.campaigns(tenant).await?.into_iter().find(|campaign| campaign.id == *id))
    }

    /// Adds a placement, or changes all but its id.
    pub async fn put_placement(&self, tenant: &TenantId, placement: &Placement) -> Result<(), JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        let sql = "INSERT INTO placements (tenant, id, campaign, medium, content, form, place, from_day, until_day, cost_minor, \
             cost_currency, link) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (tenant, id) DO UPDATE SET campaign = excluded.campaign, medium = excluded.medium, content = excluded.content, \
             form = excluded.form, place = excluded.place, from_day = excluded.from_day, until_day = excluded.until_day, \
             cost_minor = excluded.cost_minor, cost_currency = excluded.cost_currency, link = excluded.link";
        let values = args![
            tenant,
            placement.id.as_str(),
            placement.campaign.as_str(),
            placement.medium.as_str(),
            &placement.content,
            &placement.form,
            &placement.place,
            placement.from.to_string(),
            placement.until.to_string(),
            placement.cost.map(|cost| cost.minor),
            placement.cost.as_ref().map(|cost| cost.currency.code()),
            &placement.link,
        ];
        let mut tx = self.begin().await?;
        tx.execute(sql, values).await?;
        tx.commit().await
    }

    /// All placements of a tenant, by campaign, then by id.
    pub async fn placements(&self, tenant: &TenantId) -> Result<Vec<Placement>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().rows(format!("{PLACEMENTS} WHERE tenant = $1 ORDER BY campaign, id"), args![tenant], placement).await
    }

    pub async fn placement(&self, tenant: &TenantId, id: &Slug) -> Result<Option<Placement>, JournalError> {
        let tenant = self.tenant_number(tenant).await?;
        self.pool().row(format!("{PLACEMENTS} WHERE tenant = $1 AND id = $2"), args![tenant, id.as_str()], placement).await
    }
}

async fn put_stage(tx: &mut Tx, tenant: i64, campaign: &str, n: i64, stage: &Stage) -> Result<(), JournalError> {
    let sql = "INSERT INTO campaign_stages (tenant, campaign, n, name) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, args![tenant, campaign, n, &stage.name]).await?;
    for (m, step) in (0_i64..).zip(&stage.steps) {
        let sql = "INSERT INTO campaign_steps (tenant, campaign, stage, n, what, owner, on_day, done) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = args![tenant, campaign, n, m, &step.what, &step.owner, step.on.to_string(), i64::from(step.done)];
        tx.execute(sql, values).await?;
    }
    Ok(())
}

fn wrong(error: &dyn std::fmt::Display) -> JournalError {
    JournalError::Unreadable { table: "campaigns or placements", what: error.to_string() }
}

fn day(text: &str) -> Result<Day, JournalError> {
    Day::parse(text).map_err(|error| wrong(&error))
}

fn slug(text: &str) -> Result<Slug, JournalError> {
    Slug::parse(text).map_err(|error| wrong(&error))
}

fn campaign(row: &Row) -> Result<Campaign, JournalError> {
    let success = match (row.maybe_text(4)?, row.maybe_real(5)?, row.maybe_real(6)?, row.maybe_text(7)?, row.maybe_text(8)?) {
        (Some(measure), Some(baseline), Some(target), Some(by), Some(method)) => {
            Some(SuccessDefinition { measure, baseline, target, by: day(&by)?, method })
        }
        _ => None,
    };
    let (from, until) = (day(&row.text(2)?)?, day(&row.text(3)?)?);
    Ok(Campaign { id: slug(&row.text(0)?)?, name: row.text(1)?, from, until, success, stages: Vec::new() })
}

fn step(row: &Row) -> Result<(String, usize, Step), JournalError> {
    let step = Step { what: row.text(2)?, owner: row.text(3)?, on: day(&row.text(4)?)?, done: row.int(5)? == 1 };
    Ok((row.text(0)?, usize::try_from(row.int(1)?).unwrap_or(usize::MAX), step))
}

fn placement(row: &Row) -> Result<Placement, JournalError> {
    let cost = match (row.maybe_int(8)?, row.maybe_text(9)?) {
        (Some(minor), Some(currency)) => Some(Money::new(minor, Currency::parse(&currency).map_err(|error| wrong(&error))?)),
        _ => None,
    };
    Ok(Placement {
        id: slug(&row.text(0)?)?,
        campaign: slug(&row.text(1)?)?,
        medium: Medium::parse(&row.text(2)?).map_err(|error| wrong(&error))?,
        content: row.text(3)?,
        form: row.text(4)?,
        place: row.text(5)?,
        from: day(&row.text(6)?)?,
        until: day(&row.text(7)?)?,
        cost,
        link: row.text(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn spring() -> Campaign {
        let day = |text| Day::parse(text).unwrap();
        let step = |what: &str, done| Step { what: what.into(), owner: "小红".into(), on: day("2026-03-02"), done };
        Campaign {
            id: Slug::parse("spring-tea").unwrap(),
            name: "春茶".into(),
            from: day("2026-03-01"),
            until: day("2026-04-01"),
            success: Some(SuccessDefinition {
                measure: "orders".into(),
                baseline: 100.0,
                target: 130.5,
                by: day("2026-04-01"),
                method: "orders a week".into(),
            }),
            stages: vec![
                Stage { name: "tease".into(), steps: vec![step("write", true), step("photograph", false)] },
                Stage { name: "sell".into(), steps: vec![] },
            ],
        }
    }

    #[tokio::test]
    async fn a_campaign_is_read_back_whole_and_replaced_whole() {
        for store in testing::stores().await {
            let mut campaign = spring();
            store.journal.put_campaign(&store.tenant, &campaign).await.unwrap();
            assert_eq!(store.journal.campaign(&store.tenant, &campaign.id).await.unwrap(), Some(campaign.clone()));
            campaign.success = None;
            campaign.stages.remove(0);
            store.journal.put_campaign(&store.tenant, &campaign).await.unwrap();
            assert_eq!(store.journal.campaigns(&store.tenant).await.unwrap(), [campaign]);
        }
    }

    #[tokio::test]
    async fn a_placement_is_read_back_with_and_without_its_cost() {
        for store in testing::stores().await {
            let campaign = spring();
            let mut placement = Placement {
                id: Slug::parse("qr-door").unwrap(),
                campaign: campaign.id,
                medium: Medium::parse("outdoor").unwrap(),
                content: "海报".into(),
                form: "poster".into(),
                place: "door".into(),
                from: campaign.from,
                until: campaign.until,
                cost: Some(Money::new(12_300, Currency::CNY)),
                link: "d1".into(),
            };
            store.journal.put_placement(&store.tenant, &placement).await.unwrap();
            assert_eq!(store.journal.placements(&store.tenant).await.unwrap(), [placement.clone()]);
            placement.cost = None;
            store.journal.put_placement(&store.tenant, &placement).await.unwrap();
            assert_eq!(store.journal.placement(&store.tenant, &placement.id).await.unwrap(), Some(placement));
        }
    }
}

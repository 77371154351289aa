//! `kith plan`: accounts, campaigns and placements from a file, and what is planned.

use kith_desk::Access;
use kith_desk::plan::load;

use super::args::Plan;
use super::setting::Setting;
use super::table::table;

pub async fn plan(setting: &Setting, plan: Plan) -> anyhow::Result<()> {
    let access = if plan.file.is_some() { Access::Write } else { Access::Read };
    let (store, tenant) = setting.open(access).await?;
    if let Some(file) = plan.file {
        let plan = load(&store, &tenant, &file, setting.now).await?;
        println!(
            "{} brands, {} accounts, {} campaigns and {} placements are planned",
            plan.brands.len(),
            plan.accounts.len(),
            plan.campaigns.len(),
            plan.placements.len()
        );
        return Ok(());
    }
    let campaigns = store.journal.campaigns(&tenant.id).await?;
    if setting.json(&campaigns)? {
        return Ok(());
    }
    let placements = store.journal.placements(&tenant.id).await?;
    let rows: Vec<Vec<String>> = campaigns
        .iter()
        .map(|campaign| {
            let success = campaign.success.as_ref();
            let success = success.map_or_else(|| "none".to_owned(), |s| format!("{:.0} {} by {}", s.target, s.measure, s.by));
            let places = placements.iter().filter(|placement| placement.campaign == campaign.id).count();
            let steps: usize = campaign.stages.iter().map(|stage| stage.steps.len()).sum();
            vec![
                campaign.id.to_string(),
                campaign.name.clone(),
                campaign.from.to_string(),
                campaign.until.to_string(),
                success,
                places.to_string(),
                steps.to_string(),
            ]
        })
        .collect();
    println!("{}", table(&["campaign", "name", "from", "until", "success", "placements", "steps"].map(str::to_owned), &rows));
    Ok(())
}

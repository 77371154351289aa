//! `kith merges`: which identities are one contact, decided and taken back.

use kith_core::{Merge, MergeDecision, MergeMaker};
use kith_desk::Access;
use kith_desk::identity::merges;

use super::args::{Format, MergeAct, Merges};
use super::setting::Setting;
use super::table::table;

pub async fn merges(setting: &Setting, args: Merges) -> anyhow::Result<()> {
    let access = if matches!(args.act, None | Some(MergeAct::List { .. })) { Access::Read } else { Access::Write };
    let (store, tenant) = setting.open(access).await?;
    let by = super::setting::person();
    match args.act {
        None => show(setting, &merges::overview(&store, &tenant, false).await?, true),
        Some(MergeAct::List { all }) => show(setting, &merges::overview(&store, &tenant, all).await?, false),
        Some(MergeAct::Accept { proposal }) => {
            merges::decide(&store, &tenant, proposal, MergeDecision::Same, &by, setting.now).await?;
            println!("proposal {proposal}: one person; `kith merges list` shows the merge, `kith merges undo` takes it back");
            Ok(())
        }
        Some(MergeAct::Reject { proposal }) => {
            merges::decide(&store, &tenant, proposal, MergeDecision::Different, &by, setting.now).await?;
            println!("proposal {proposal}: two people; it will not be asked again");
            Ok(())
        }
        Some(MergeAct::Undo { merge }) => {
            merges::undo(&store, &tenant, merge, &by, setting.now).await?;
            println!("merge {merge} is undone; all touches are where they were before it");
            Ok(())
        }
        Some(MergeAct::Forget { one, other }) => {
            merges::forget(&store, &tenant, one, other, setting.now).await?;
            println!("what was decided about {one} and {other} is forgotten; the rules judge again");
            Ok(())
        }
    }
}

fn show(setting: &Setting, overview: &merges::Overview, open: bool) -> anyhow::Result<()> {
    if setting.format != Format::Csv && setting.json(overview)? {
        return Ok(());
    }
    if open {
        if overview.proposals.is_empty() {
            println!("No doubtful merges. {} merges stand (`kith merges list`).", overview.merges.len());
            return Ok(());
        }
        let rows: Vec<Vec<String>> = overview
            .proposals
            .iter()
            .map(|p| vec![p.number.to_string(), format!("{:.0}%", p.confidence * 100.0), p.reason.clone()])
            .collect();
        println!("{}\n", table(&["proposal", "sure", "why"].map(str::to_owned), &rows));
        println!("Decide with `kith merges accept N` or `kith merges reject N`.");
    } else {
        let rows: Vec<Vec<String>> = overview.merges.iter().map(merge_row).collect();
        println!("{}", table(&["merge", "sure", "by", "since", "why", "undone"].map(str::to_owned), &rows));
    }
    Ok(())
}

fn merge_row(merge: &Merge) -> Vec<String> {
    let by = match &merge.made_by {
        MergeMaker::Rule => "rule".to_owned(),
        MergeMaker::Person(name) => name.clone(),
    };
    let undone = merge.undone_at.map(|at| at.to_string()).unwrap_or_default();
    vec![
        merge.number.to_string(),
        format!("{:.0}%", merge.confidence * 100.0),
        by,
        merge.made_at.to_string(),
        merge.reason.clone(),
        undone,
    ]
}

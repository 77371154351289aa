//! `kith account`: the accounts, each with its one role.

use kith_core::{AccountRole, Channel, RoleFault, Slug};
use kith_desk::Access;
use kith_desk::plan::{add_account, set_role};

use super::args::{Account, AccountAct};
use super::setting::Setting;
use super::table::table;

pub async fn account(setting: &Setting, account: Account) -> anyhow::Result<()> {
    let access = if matches!(account.act, AccountAct::List) { Access::Read } else { Access::Write };
    let (store, tenant) = setting.open(access).await?;
    match account.act {
        AccountAct::List => {
            let accounts = store.journal.accounts(&tenant.id).await?;
            if setting.json(&accounts)? {
                return Ok(());
            }
            let rows: Vec<Vec<String>> = accounts
                .iter()
                .map(|account| {
                    let (objective, audience, measure, fault) = match account.role() {
                        Ok(role) => (role.objective.clone(), role.audience.clone(), role.measure.clone(), String::new()),
                        Err(fault) => (String::new(), String::new(), String::new(), fault_text(&fault)),
                    };
                    vec![
                        account.id.to_string(),
                        account.channel.to_string(),
                        account.handle.clone(),
                        objective,
                        audience,
                        measure,
                        fault,
                    ]
                })
                .collect();
            println!(
                "{}",
                table(&["account", "channel", "handle", "objective", "audience", "measure", "fault"].map(str::to_owned), &rows)
            );
        }
        AccountAct::Add { id, channel, handle } => {
            add_account(&store, &tenant, Slug::parse(&id)?, Channel::parse(&channel)?, kith_core::clean(&handle, 200)?).await?;
            println!(
                "account {id} on {channel}; give it its role with `kith account role {id} --objective … --audience … --measure …`"
            );
        }
        AccountAct::Role { id, objective, audience, measure } => {
            set_role(&store, &tenant, &Slug::parse(&id)?, AccountRole { objective, audience, measure }).await?;
            println!("account {id} has its one role");
        }
    }
    Ok(())
}

fn fault_text(fault: &RoleFault) -> String {
    match fault {
        RoleFault::NoRole => "no role".to_owned(),
        RoleFault::Conflicting(objectives) => format!("{} roles: {}", objectives.len(), objectives.join(", ")),
        RoleFault::Incomplete(part) => format!("role without {part}"),
    }
}

//! `kith user`: who may work with the store. Whoever may use this terminal may do all of it.

use anyhow::Context;
use kith_core::Language;
use kith_desk::trust::{AddUser, Caller, Login, Member, Role, Trust, TrustError, User as Known};

use super::args::{User, UserAct, YesNo};
use super::setting::Setting;
use super::table::table;

pub async fn user(setting: &Setting, args: User) -> anyhow::Result<()> {
    let (trust, caller) = setting.open_trust().await?;
    let now = setting.now;
    match args.act {
        UserAct::List => show(setting, &trust.members(&caller).await?),
        UserAct::Add { login, role, name, operator } => {
            let (login, role) = (Login::parse(&login)?, role_of(&role)?);
            let name = name.unwrap_or_else(|| login.to_string());
            let language = setting.language.unwrap_or(Language::En);
            let there = format!("if `{login}` is the same person: `kith user role {login} {role}`");
            let added = trust.add_user(&caller, &AddUser { login, name, language, role, operator }, now).await;
            let (user, password) = match added {
                Err(error @ TrustError::Exists { .. }) => return Err(anyhow::Error::new(error).context(there)),
                added => added?,
            };
            println!("{} is {role} of {}", user.login, caller.tenant);
            println!("password for the first time, shown this once: {}", password.show());
            Ok(())
        }
        UserAct::Role { login, role } => {
            let (user, role) = (find(&trust, &login).await?, role_of(&role)?);
            trust.put_role(&caller, user.id, role, now).await?;
            println!("{} is {role} of {} and has to sign in again", user.login, caller.tenant);
            Ok(())
        }
        UserAct::Remove { login } => {
            let user = find(&trust, &login).await?;
            trust.remove_member(&caller, user.id, now).await?;
            println!("{} does not belong to {} any more", user.login, caller.tenant);
            Ok(())
        }
        UserAct::Disable { login } => set_disabled(&trust, &caller, &login, true, setting).await,
        UserAct::Enable { login } => set_disabled(&trust, &caller, &login, false, setting).await,
        UserAct::ResetPassword { login } => {
            let user = find(&trust, &login).await?;
            let password = trust.set_one_time_password(&caller, user.id, now).await?;
            println!("password of {} for the first time, shown this once: {}", user.login, password.show());
            Ok(())
        }
        UserAct::ResetSecondFactor { login } => {
            let user = find(&trust, &login).await?;
            trust.remove_second_factor(&caller, user.id, now).await?;
            println!("{} signs in with the password alone until they add a second factor again", user.login);
            Ok(())
        }
        UserAct::Operator { login, answer } => {
            let user = find(&trust, &login).await?;
            trust.set_operator(&caller, user.id, answer == YesNo::Yes, now).await?;
            let may = if answer == YesNo::Yes { "may" } else { "may not" };
            println!("{} {may} make backups and new businesses", user.login);
            Ok(())
        }
    }
}

async fn set_disabled(trust: &Trust, caller: &Caller, login: &str, disabled: bool, setting: &Setting) -> anyhow::Result<()> {
    let user = find(trust, login).await?;
    trust.set_disabled(caller, user.id, disabled, setting.now).await?;
    let may = if disabled { "cannot sign in any more" } else { "can sign in again" };
    println!("{} {may}", user.login);
    Ok(())
}

async fn find(trust: &Trust, login: &str) -> anyhow::Result<Known> {
    trust.find_user(&Login::parse(login)?).await.with_context(|| format!("`{login}`: `kith user list` shows who there is"))
}

fn role_of(text: &str) -> anyhow::Result<Role> {
    Role::parse(text).with_context(|| format!("`{text}` is not a role: use owner, manager, editor, agent or analyst"))
}

fn show(setting: &Setting, members: &[Member]) -> anyhow::Result<()> {
    if setting.json(&members)? {
        return Ok(());
    }
    if members.is_empty() {
        println!("Nobody yet: `kith user add LOGIN owner`, or start the server, which makes the first owner.");
        return Ok(());
    }
    let row = |member: &Member| {
        let state = match (member.user.disabled, member.user.must_change_password) {
            (true, _) => "disabled",
            (_, true) => "has not signed in with a password of their own",
            _ => "",
        };
        vec![
            member.user.login.to_string(),
            member.user.name.clone(),
            member.role.to_string(),
            if member.totp { "code" } else { "none" }.to_owned(),
            member.last_seen_at.map(|at| at.to_string()).unwrap_or_default(),
            state.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = members.iter().map(row).collect();
    println!("{}", table(&["login", "name", "role", "second factor", "last seen", "state"].map(str::to_owned), &rows));
    Ok(())
}

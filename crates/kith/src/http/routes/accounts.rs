//! Accounts with their one role each, and the brands that are followed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kith_core::{AccountRole, BrandSide, Channel, Language, RoleFault, Slug};
use kith_desk::plan::{add_account, set_role};
use kith_desk::trust::AuditAction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::Asker;
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, Path, slug, text};
use crate::http::page::Page;
use crate::http::problem::{Code, Fault, Problem};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(put))
        .routes(routes!(put_role))
        .routes(routes!(brands))
        .routes(routes!(put_brand))
}

/// An account on a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    id: String,
    channel: String,
    handle: String,
    /// A sound account has exactly one.
    roles: Vec<AccountRoleBody>,
    /// Why it cannot work as it stands; null where it can.
    fault: Option<AccountFault>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AccountFault {
    /// no-role, conflicting-roles or incomplete-role.
    code: String,
    sentence: String,
}

/// What an account is for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountRoleBody {
    objective: String,
    audience: String,
    /// The one number by which it is judged.
    measure: String,
}

#[derive(Deserialize, ToSchema)]
pub struct AccountBody {
    #[schema(example = "weibo")]
    channel: String,
    handle: String,
}

/// A name that people talk about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Brand {
    id: String,
    name: String,
    /// own or competitor.
    side: String,
    aliases: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
pub struct BrandBody {
    name: String,
    /// own or competitor.
    #[schema(value_type = String, example = "own")]
    side: BrandSide,
    #[serde(default)]
    aliases: Vec<String>,
}

fn fault(fault: &RoleFault, language: Language) -> AccountFault {
    let zh = language == Language::Zh;
    let (code, sentence) = match fault {
        RoleFault::NoRole if zh => ("no-role", "该账号没有角色：请写明目标、受众和衡量指标。".to_owned()),
        RoleFault::NoRole => ("no-role", "This account has no role: say its objective, audience and measure.".to_owned()),
        RoleFault::Conflicting(roles) if zh => {
            ("conflicting-roles", format!("该账号有 {} 个角色（{}）：请只保留一个。", roles.len(), roles.join("、")))
        }
        RoleFault::Conflicting(roles) => {
            ("conflicting-roles", format!("This account has {} roles ({}): keep one.", roles.len(), roles.join(", ")))
        }
        RoleFault::Incomplete(part) if zh => {
            let part = match *part {
                "objective" => "目标",
                "audience" => "受众",
                _ => "衡量指标",
            };
            ("incomplete-role", format!("该账号的角色缺少{part}。"))
        }
        RoleFault::Incomplete(part) => ("incomplete-role", format!("The role of this account has no {part}.")),
    };
    AccountFault { code: code.to_owned(), sentence }
}

fn told(account: &kith_core::Account, language: Language) -> Account {
    let role = |role: &AccountRole| AccountRoleBody {
        objective: role.objective.clone(),
        audience: role.audience.clone(),
        measure: role.measure.clone(),
    };
    Account {
        id: account.id.to_string(),
        channel: account.channel.to_string(),
        handle: account.handle.clone(),
        roles: account.roles.iter().map(role).collect(),
        fault: account.role().err().map(|found| fault(&found, language)),
    }
}

async fn one(door: &Door, asker: &Asker, id: &Slug) -> Result<Response, Fault> {
    let found = door.store().journal.account(&asker.tenant.id, id).await?.ok_or_else(|| Fault::new(Code::NotFound))?;
    Ok(fresh(StatusCode::OK, told(&found, asker.language)))
}

/// The accounts, with what is wrong with each.
#[utoipa::path(get, path = "/accounts", tag = "accounts", extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Page<Account>), (status = "default", body = Problem)))]
async fn list(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let accounts = door.store().journal.accounts(&asker.tenant.id).await?;
    Ok(fresh(StatusCode::OK, Page::whole(accounts.iter().map(|one| told(one, asker.language)).collect())))
}

/// Adds an account, or changes its channel and handle; its roles stay.
#[utoipa::path(put, path = "/accounts/{account}", tag = "accounts", params(("account" = String, Path)),
    extensions(("x-permission" = json!("plan.write"))), request_body = AccountBody,
    responses((status = 200, body = Account), (status = "default", body = Problem)))]
async fn put(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    Body(body): Body<AccountBody>,
) -> Result<Response, Fault> {
    let id = Slug::parse(&id).map_err(|error| Fault::invalid("id", &error))?;
    let channel = Channel::parse(&body.channel).map_err(|error| Fault::invalid("channel", &error))?;
    add_account(door.store(), &asker.tenant, id.clone(), channel, text("handle", &body.handle, 200)?).await?;
    let details = serde_json::json!({ "channel": body.channel });
    door.trust().note(&asker.caller, AuditAction::AccountChanged, &format!("account/{id}"), &details, door.now()).await?;
    one(&door, &asker, &id).await
}

/// Gives an account its one role, in place of whatever roles it had.
#[utoipa::path(put, path = "/accounts/{account}/role", tag = "accounts", params(("account" = String, Path)),
    extensions(("x-permission" = json!("plan.write"))), request_body = AccountRoleBody,
    responses((status = 200, body = Account), (status = "default", body = Problem)))]
async fn put_role(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    Body(body): Body<AccountRoleBody>,
) -> Result<Response, Fault> {
    let id = slug(&id)?;
    let role = AccountRole {
        objective: text("objective", &body.objective, 200)?,
        audience: text("audience", &body.audience, 200)?,
        measure: text("measure", &body.measure, 200)?,
    };
    set_role(door.store(), &asker.tenant, &id, role).await?;
    let details = serde_json::json!({ "act": "role" });
    door.trust().note(&asker.caller, AuditAction::AccountChanged, &format!("account/{id}"), &details, door.now()).await?;
    one(&door, &asker, &id).await
}

fn brand_of(brand: &kith_core::Brand) -> Brand {
    let side = match brand.side {
        BrandSide::Own => "own",
        BrandSide::Competitor => "competitor",
    };
    let (id, name, aliases) = (brand.id.to_string(), brand.name.clone(), brand.aliases.clone());
    Brand { id, name, side: side.to_owned(), aliases }
}

/// The brands that are followed: one's own and competitors'.
#[utoipa::path(get, path = "/brands", tag = "accounts", extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Page<Brand>), (status = "default", body = Problem)))]
async fn brands(State(door): State<Door>, asker: Asker) -> Result<Response, Fault> {
    let brands = door.store().journal.brands(&asker.tenant.id).await?;
    Ok(fresh(StatusCode::OK, Page::whole(brands.iter().map(brand_of).collect())))
}

/// Adds or changes a brand.
#[utoipa::path(put, path = "/brands/{brand}", tag = "accounts", params(("brand" = String, Path)),
    extensions(("x-permission" = json!("plan.write"))), request_body = BrandBody,
    responses((status = 200, body = Brand), (status = "default", body = Problem)))]
async fn put_brand(
    State(door): State<Door>,
    asker: Asker,
    Path(id): Path<String>,
    Body(body): Body<BrandBody>,
) -> Result<Response, Fault> {
    let id = Slug::parse(&id).map_err(|error| Fault::invalid("id", &error))?;
    if body.aliases.len() > 100 {
        return Err(Fault::new(Code::Invalid).field("aliases").detail("at most 100 other names"));
    }
    let aliases = body.aliases.iter().map(|alias| text("aliases", alias, 200)).collect::<Result<Vec<_>, _>>()?;
    let brand = kith_core::Brand { id, name: text("name", &body.name, 200)?, side: body.side, aliases };
    door.store().journal.put_brand(&asker.tenant.id, &brand).await?;
    let details = serde_json::json!({ "act": "brand" });
    let on = format!("brand/{}", brand.id);
    door.trust().note(&asker.caller, AuditAction::BrandChanged, &on, &details, door.now()).await?;
    Ok(fresh(StatusCode::OK, brand_of(&brand)))
}

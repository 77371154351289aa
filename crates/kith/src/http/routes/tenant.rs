//! The business itself: its name, days, money and language.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kith_core::{Calendar, Currency, Language, Slug};
use kith_desk::SAMPLE_TENANT;
use kith_desk::trust::AuditAction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::access::{Asker, Holder};
use crate::http::door::{Door, fresh};
use crate::http::extract::{Body, text};
use crate::http::problem::{Code, Fault, Problem};

pub fn router() -> OpenApiRouter<Door> {
    OpenApiRouter::new().routes(routes!(show, change)).routes(routes!(found))
}

/// A business.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tenant {
    pub id: String,
    pub name: String,
    /// IANA name: days, weeks and months are cut in this zone.
    #[schema(example = "Asia/Shanghai")]
    pub zone: String,
    #[schema(example = "CNY")]
    pub currency: String,
    /// zh or en.
    #[schema(example = "zh")]
    pub language: String,
    /// ISO 3166: of phone numbers without a prefix.
    #[schema(example = "CN")]
    pub country: String,
    /// Is it the sample shop?
    pub sample: bool,
}

impl From<&kith_core::Tenant> for Tenant {
    fn from(tenant: &kith_core::Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            name: tenant.name.clone(),
            zone: tenant.calendar.name().to_owned(),
            currency: tenant.currency.code().to_owned(),
            language: tenant.language.as_str().to_owned(),
            country: tenant.country.clone(),
            sample: tenant.id.as_str() == SAMPLE_TENANT,
        }
    }
}

#[derive(Deserialize, ToSchema)]
pub struct TenantBody {
    name: String,
    zone: String,
    currency: String,
    #[schema(value_type = String, example = "zh")]
    language: Language,
    country: String,
}

#[derive(Deserialize, ToSchema)]
pub struct NewTenantBody {
    /// A short name, such as one-leaf-tea.
    id: String,
    name: String,
    zone: String,
    currency: String,
    #[schema(value_type = String, example = "zh")]
    language: Language,
    country: String,
}

impl TenantBody {
    fn parse(&self, id: Slug) -> Result<kith_core::Tenant, Fault> {
        let odd = |field: &str, what: String| Fault::new(Code::Invalid).field(field).detail(what);
        let calendar = Calendar::parse(&self.zone)
            .ok_or_else(|| odd("zone", format!("`{}` is not a time zone: use an IANA name such as Asia/Shanghai", self.zone)))?;
        let currency = Currency::parse(&self.currency).map_err(|error| Fault::invalid("currency", &error))?;
        let country = self.country.trim().to_uppercase();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(odd("country", format!("`{country}` is not a country: use two letters of ISO 3166, such as CN")));
        }
        let name = text("name", &self.name, 200)?;
        Ok(kith_core::Tenant { id, name, calendar, currency, language: self.language, country })
    }
}

/// The business that is open.
#[utoipa::path(get, path = "/tenant", tag = "settings", extensions(("x-permission" = json!("figures.read"))),
    responses((status = 200, body = Tenant), (status = "default", body = Problem)))]
async fn show(asker: Asker) -> Response {
    fresh(StatusCode::OK, Tenant::from(&*asker.tenant))
}

/// Changes the business that is open.
#[utoipa::path(put, path = "/tenant", tag = "settings", extensions(("x-permission" = json!("tenant.write"))),
    request_body = TenantBody, responses((status = 200, body = Tenant), (status = "default", body = Problem)))]
async fn change(State(door): State<Door>, asker: Asker, Body(body): Body<TenantBody>) -> Result<Response, Fault> {
    let tenant = body.parse(asker.tenant.id.clone())?;
    door.store().journal.put_tenant(&tenant).await?;
    let what = serde_json::json!({ "zone": tenant.calendar.name(), "currency": tenant.currency.code() });
    door.trust().note(&asker.caller, AuditAction::TenantChanged, "tenant", &what, door.now()).await?;
    Ok(fresh(StatusCode::OK, Tenant::from(&tenant)))
}

/// Founds a business; whoever does becomes its owner.
#[utoipa::path(post, path = "/tenants", tag = "settings", extensions(("x-permission" = json!("session"))),
    request_body = NewTenantBody, responses((status = 201, body = Tenant), (status = "default", body = Problem)))]
async fn found(State(door): State<Door>, holder: Holder, Body(body): Body<NewTenantBody>) -> Result<Response, Fault> {
    let id = Slug::parse(&body.id).map_err(|error| Fault::invalid("id", &error))?;
    let NewTenantBody { name, zone, currency, language, country, .. } = body;
    let tenant = TenantBody { name, zone, currency, language, country }.parse(id)?;
    door.trust().found_tenant(&holder.session, &tenant, &holder.origin, door.now()).await?;
    Ok(fresh(StatusCode::CREATED, Tenant::from(&tenant)))
}

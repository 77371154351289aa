//! Identities, touches, orders, cases and consents as the pages get them; masked for whoever may not see people.

use kith_core::{Day, IdentityId, Instant, OrderState};
use kith_desk::audience::Entry;
use serde::Serialize;
use utoipa::ToSchema;

use super::figure::Money;
use super::mask;

/// How a contact shows on a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identity {
    /// A number too long for a script's numbers, so a text.
    pub identity: String,
    /// login, union-id, email, phone, device, referral-code, tracked-link or order.
    pub kind: String,
    pub channel: Option<String>,
    /// By which the channel knows it.
    pub external: String,
    pub name: Option<String>,
}

impl Identity {
    pub fn of(identity: &kith_core::Identity, clear: bool) -> Self {
        let external = &identity.external;
        let name = identity.name.as_deref();
        Self {
            identity: identity.id.to_string(),
            kind: identity.kind.as_str().to_owned(),
            channel: identity.channel.as_ref().map(ToString::to_string),
            external: if clear { external.clone() } else { mask::external(identity.kind, external) },
            name: name.map(|name| if clear { name.to_owned() } else { mask::name(name) }),
        }
    }
}

/// A name, or what is left of it.
pub fn name(name: &str, clear: bool) -> String {
    if clear { name.to_owned() } else { mask::name(name) }
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct TouchItem {
    pub id: String,
    pub identity: String,
    /// Null for parts of an order without a time of their own.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Instant>,
    pub kind: String,
    pub channel: String,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    pub placement: Option<String>,
    pub account: Option<String>,
    pub post: Option<String>,
    pub post_text: Option<String>,
    pub order: Option<String>,
    pub value: Option<Money>,
    pub quantity: Option<f64>,
    pub item: Option<String>,
    pub score: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub promised_at: Option<Instant>,
    pub text: Option<String>,
    /// Anything else that the source said.
    #[schema(value_type = Object)]
    pub attributes: serde_json::Value,
    /// Which import brought it; null if it came by call.
    pub import: Option<i64>,
}

impl TouchItem {
    pub fn of(entry: &Entry, clear: bool) -> Self {
        let touch = &entry.touch;
        let text = |part: &Option<kith_core::CompactString>| part.as_ref().map(ToString::to_string);
        let attributes = if clear { serde_json::from_str(&touch.attributes).ok() } else { None };
        Self {
            id: touch.id.to_string(),
            identity: touch.identity.to_string(),
            at: touch.at,
            kind: touch.kind.to_string(),
            channel: touch.channel.to_string(),
            medium: touch.medium.as_ref().map(ToString::to_string),
            campaign: text(&touch.campaign),
            placement: text(&touch.placement),
            account: text(&touch.account),
            post: text(&touch.post),
            post_text: entry.post_text.clone(),
            order: text(&touch.order),
            value: touch.value.zip(touch.currency).map(|(minor, currency)| kith_core::Money::new(minor, currency).into()),
            quantity: touch.quantity,
            item: text(&touch.item),
            score: touch.score,
            promised_at: touch.promised_at,
            text: touch.text.clone().filter(|_| clear),
            attributes: attributes.unwrap_or_else(|| serde_json::json!({})),
            import: (touch.import.0 != 0).then_some(touch.import.0),
        }
    }
}

/// An order, put together from its touches.
#[derive(Debug, Serialize, ToSchema)]
pub struct Order {
    pub number: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub placed_at: Option<Instant>,
    pub total: Option<Money>,
    pub refunded: Option<Money>,
    pub lines: Vec<OrderLine>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub paid_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub shipped_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub promised_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Instant>,
    pub cancelled: bool,
    /// Null where nothing was promised or nothing has arrived.
    pub late: Option<bool>,
    pub score: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OrderLine {
    pub item: String,
    pub quantity: f64,
    pub amount: Option<Money>,
}

impl From<&OrderState> for Order {
    fn from(order: &OrderState) -> Self {
        let line = |line: &kith_core::OrderLine| OrderLine {
            item: line.item.clone(),
            quantity: line.quantity,
            amount: line.amount.map(Into::into),
        };
        Self {
            number: order.number.clone(),
            placed_at: order.placed_at,
            total: order.total.map(Into::into),
            refunded: order.refunded.map(Into::into),
            lines: order.lines.iter().map(line).collect(),
            paid_at: order.paid_at,
            shipped_at: order.shipped_at,
            promised_at: order.promised_at,
            delivered_at: order.delivered_at,
            cancelled: order.cancelled,
            late: order.late(),
            score: order.score,
        }
    }
}

/// What a customer wanted answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Case {
    pub number: String,
    pub channel: String,
    /// open, answered or resolved.
    pub state: String,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Instant>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Instant>,
    pub order: Option<String>,
    pub subject: String,
    pub text: String,
    /// ordinary, money, law, health or safety.
    pub seriousness: String,
}

impl Case {
    pub fn of(case: &kith_core::Case, clear: bool) -> Self {
        let words = |text: &str| if clear { text.to_owned() } else { String::new() };
        Self {
            number: case.number.clone(),
            channel: case.channel.to_string(),
            state: case.state().as_str().to_owned(),
            opened_at: case.opened_at,
            answered_at: case.answered_at,
            resolved_at: case.resolved_at,
            order: case.order.clone(),
            subject: words(&case.subject),
            text: words(&case.text),
            seriousness: format!("{:?}", case.seriousness).to_lowercase(),
        }
    }
}

/// What a person has allowed or taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consent {
    /// Null speaks for all channels.
    pub channel: Option<String>,
    pub purpose: String,
    /// given or withdrawn.
    pub state: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    pub evidence: String,
    /// Is it the latest word of its channel and purpose?
    pub valid: bool,
}

impl Consent {
    /// From the latest to the first.
    pub fn history(consents: &[kith_core::Consent], clear: bool) -> Vec<Self> {
        let mut said = std::collections::HashSet::new();
        let told = consents.iter().map(|consent| Self {
            channel: consent.channel.as_ref().map(ToString::to_string),
            purpose: consent.purpose.clone(),
            state: if consent.state == kith_core::ConsentState::Given { "given" } else { "withdrawn" }.to_owned(),
            at: consent.at,
            evidence: if clear { consent.evidence.clone() } else { String::new() },
            valid: said.insert((consent.channel.as_ref().map(ToString::to_string), consent.purpose.clone())),
        });
        told.collect()
    }
}

/// What sources say of a person.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Profile {
    pub name: Option<String>,
    pub gender: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub country: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub birthday: Option<Day>,
    pub tags: Vec<String>,
    /// Anything else: name and value.
    pub other: Vec<Vec<String>>,
}

impl Profile {
    pub fn of(profile: &kith_core::ContactProfile, clear: bool) -> Self {
        let province = profile.province.clone();
        let (country, tags) = (profile.country.clone(), profile.tags.clone());
        if !clear {
            return Self { province, country, tags, ..Self::default() };
        }
        Self {
            name: profile.name.clone(),
            gender: profile.gender.clone(),
            city: profile.city.clone(),
            province,
            country,
            birthday: profile.birthday,
            tags,
            other: profile.other.iter().map(|(name, value)| vec![name.clone(), value.clone()]).collect(),
        }
    }
}

/// One of the two identities of a merge.
#[derive(Debug, Serialize, ToSchema)]
pub struct Side {
    pub identity: String,
    pub contact: String,
    pub name: String,
    pub kind: String,
    pub channel: Option<String>,
    pub external: String,
}

impl Side {
    pub fn of(id: IdentityId, contact: kith_core::ContactId, known: Option<&kith_core::Identity>, clear: bool) -> Self {
        let shown = known.map(|identity| Identity::of(identity, clear));
        let (kind, channel, external, own) =
            shown.map_or_else(Default::default, |shown| (shown.kind, shown.channel, shown.external, shown.name));
        Self {
            identity: id.to_string(),
            contact: contact.to_string(),
            name: own.unwrap_or_else(|| external.clone()),
            kind,
            channel,
            external,
        }
    }
}

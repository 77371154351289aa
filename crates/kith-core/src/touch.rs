//! A touch: one thing that happened between a brand and a person at an instant.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::{Channel, Currency, Digest, IdentityId, ImportId, Instant, Medium, TouchId};

/// What happened. The groups are those that reports speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TouchKind {
    // seen
    Impression,
    Read,
    Visit,
    Click,
    Scan,
    // answered
    Like,
    Favourite,
    Repost,
    Comment,
    Mention,
    Message,
    Reply,
    // joined
    Follow,
    Unfollow,
    Lead,
    Signup,
    // bought
    Cart,
    Order,
    OrderLine,
    Payment,
    Shipment,
    Delivery,
    Refund,
    Cancel,
    // told
    Review,
    Survey,
    Complaint,
    Question,
    Praise,
    Referral,
    // said by us
    Sent,
    Care,
    Call,
    Coupon,
    Note,
}

impl TouchKind {
    pub const ALL: [Self; 35] = [
        Self::Impression,
        Self::Read,
        Self::Visit,
        Self::Click,
        Self::Scan,
        Self::Like,
        Self::Favourite,
        Self::Repost,
        Self::Comment,
        Self::Mention,
        Self::Message,
        Self::Reply,
        Self::Follow,
        Self::Unfollow,
        Self::Lead,
        Self::Signup,
        Self::Cart,
        Self::Order,
        Self::OrderLine,
        Self::Payment,
        Self::Shipment,
        Self::Delivery,
        Self::Refund,
        Self::Cancel,
        Self::Review,
        Self::Survey,
        Self::Complaint,
        Self::Question,
        Self::Praise,
        Self::Referral,
        Self::Sent,
        Self::Care,
        Self::Call,
        Self::Coupon,
        Self::Note,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Impression => "impression",
            Self::Read => "read",
            Self::Visit => "visit",
            Self::Click => "click",
            Self::Scan => "scan",
            Self::Like => "like",
            Self::Favourite => "favourite",
            Self::Repost => "repost",
            Self::Comment => "comment",
            Self::Mention => "mention",
            Self::Message => "message",
            Self::Reply => "reply",
            Self::Follow => "follow",
            Self::Unfollow => "unfollow",
            Self::Lead => "lead",
            Self::Signup => "signup",
            Self::Cart => "cart",
            Self::Order => "order",
            Self::OrderLine => "order-line",
            Self::Payment => "payment",
            Self::Shipment => "shipment",
            Self::Delivery => "delivery",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
            Self::Review => "review",
            Self::Survey => "survey",
            Self::Complaint => "complaint",
            Self::Question => "question",
            Self::Praise => "praise",
            Self::Referral => "referral",
            Self::Sent => "sent",
            Self::Care => "care",
            Self::Call => "call",
            Self::Coupon => "coupon",
            Self::Note => "note",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// May this touch come without a time of its own, because its order has one?
    #[must_use]
    pub const fn may_be_undated(self) -> bool {
        matches!(
            self,
            Self::OrderLine | Self::Payment | Self::Shipment | Self::Delivery | Self::Refund | Self::Cancel | Self::Review
        )
    }
}

impl fmt::Display for TouchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that happened between a brand and an identity.
///
/// A touch refers to an identity and never to a contact: which contact an identity belongs to is a separate, reversible
/// record. It is never changed: a later export of the same event with a higher `version` stands in front of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Touch {
    pub id: TouchId,
    pub identity: IdentityId,
    /// When it happened; `None` only for parts of an order that an export gives without a time ([`TouchKind::may_be_undated`]).
    pub at: Option<Instant>,
    pub kind: TouchKind,
    pub channel: Channel,
    /// What brought the person here, where that is known.
    pub medium: Option<Medium>,
    pub campaign: Option<CompactString>,
    pub placement: Option<CompactString>,
    /// Which of our accounts took part.
    pub account: Option<CompactString>,
    /// The post that was read, reposted, answered: the channel's own id of it.
    pub post: Option<CompactString>,
    pub order: Option<CompactString>,
    /// Money in minor units with its currency: an order's total, a payment, a refund (positive: money given back).
    pub value: Option<i64>,
    pub currency: Option<Currency>,
    /// How many of what `item` names.
    pub quantity: Option<f64>,
    /// What was bought, read or scanned.
    pub item: Option<CompactString>,
    /// Stars of a review or the answer of a survey, in the scale of its source (1 to 5 unless `attributes.scale` says otherwise).
    pub score: Option<f64>,
    /// What was promised: the delivery date of an order.
    pub promised_at: Option<Instant>,
    /// What the person wrote.
    pub text: Option<String>,
    /// Anything else that the source said, as a JSON object; empty means nothing.
    pub attributes: String,
    /// Which import brought it.
    pub import: ImportId,
    /// When the source last changed the event, in microseconds since 1970; 0 where it does not say. Of two records of one
    /// event the higher version is read, and of two equal ones the higher content digest, so that the order of files does not matter.
    pub version: i64,
}

impl Touch {
    /// A touch with nothing but what every touch has.
    #[must_use]
    pub fn new(id: TouchId, identity: IdentityId, at: Option<Instant>, kind: TouchKind, channel: Channel) -> Self {
        Self {
            id,
            identity,
            at,
            kind,
            channel,
            medium: None,
            campaign: None,
            placement: None,
            account: None,
            post: None,
            order: None,
            value: None,
            currency: None,
            quantity: None,
            item: None,
            score: None,
            promised_at: None,
            text: None,
            attributes: String::new(),
            import: ImportId::BY_CALL,
            version: 0,
        }
    }

    /// A number made of everything the touch says (not of who brought it): two records of one event with the same digest
    /// say the same.
    #[must_use]
    pub fn content_digest(&self) -> i64 {
        let mut digest = Digest::new("content").with(self.id.as_bytes());
        digest.add(&self.identity.0.to_le_bytes());
        digest.add(&self.at.map_or(i64::MIN, Instant::micros).to_le_bytes());
        digest.add(self.kind.as_str().as_bytes());
        digest.add(self.channel.as_str().as_bytes());
        digest.add(self.medium.as_ref().map_or("", Medium::as_str).as_bytes());
        for part in [&self.campaign, &self.placement, &self.account, &self.post, &self.order, &self.item] {
            digest.add(part.as_deref().unwrap_or("").as_bytes());
        }
        digest.add(self.text.as_deref().unwrap_or("").as_bytes());
        digest.add(&self.value.unwrap_or(i64::MIN).to_le_bytes());
        digest.add(self.currency.as_ref().map_or("", |c| c.code()).as_bytes());
        digest.add(&self.quantity.unwrap_or(f64::MIN).to_le_bytes());
        digest.add(&self.score.unwrap_or(f64::MIN).to_le_bytes());
        digest.add(&self.promised_at.map_or(i64::MIN, Instant::micros).to_le_bytes());
        digest.add(self.attributes.as_bytes());
        digest.id63()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_name() {
        for kind in TouchKind::ALL {
            assert_eq!(TouchKind::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn who_brought_a_touch_is_no_part_of_what_it_says() {
        let tenant = crate::Slug::parse("tea").unwrap();
        let channel = Channel::parse("weibo").unwrap();
        let touch = Touch::new(TouchId::of(&tenant, "weibo", "1"), IdentityId(7), None, TouchKind::Like, channel);
        let again = Touch { import: ImportId(9), ..touch.clone() };
        let other = Touch { text: Some("好".into()), ..touch.clone() };
        assert_eq!(touch.content_digest(), again.content_digest());
        assert_ne!(touch.content_digest(), other.content_digest());
    }
}

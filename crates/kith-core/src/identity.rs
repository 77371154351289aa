//! How a contact shows on one channel, and what links two of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Channel, Digest, ImportId, TenantId};

/// What sort of name a channel knows a person by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityKind {
    /// A login of a network or a shop: Weibo uid, openid, customer number, nickname of a shop account.
    Login,
    /// WeChat unionid: one person over all accounts of one WeChat open platform.
    UnionId,
    Email,
    Phone,
    /// A browser or a device: may be shared, so it links and never merges against a login.
    Device,
    /// A code that a customer gives to friends.
    ReferralCode,
    /// The personal part of a tracked link or QR code.
    TrackedLink,
    /// An order whose buyer the row does not name: lines and payments of exports that give the order's number only.
    Order,
}

impl IdentityKind {
    pub const ALL: [Self; 8] =
        [Self::Login, Self::UnionId, Self::Email, Self::Phone, Self::Device, Self::ReferralCode, Self::TrackedLink, Self::Order];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::UnionId => "union-id",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Device => "device",
            Self::ReferralCode => "referral-code",
            Self::TrackedLink => "tracked-link",
            Self::Order => "order",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl fmt::Display for IdentityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The number of an identity: 63 bits of a hash of (tenant, channel, kind, external id), so that every file and every call
/// arrives at the same number without asking. The journal keeps the parts beside it and refuses two identities with one
/// number (with a hundred million identities the chance of one such pair is one in a thousand).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdentityId(pub i64);

impl IdentityId {
    /// E-mail, phone, unionid and order numbers are the same wherever they are seen, so they carry no channel: pass an empty one.
    #[must_use]
    pub fn of(tenant: &TenantId, channel: &str, kind: IdentityKind, external: &str) -> Self {
        let parts = [tenant.as_str().as_bytes(), channel.as_bytes(), kind.as_str().as_bytes(), external.as_bytes()];
        Self(Digest::id63_of("identity", &parts))
    }
}

impl fmt::Display for IdentityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How a contact shows on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    pub id: IdentityId,
    pub kind: IdentityKind,
    /// The channel of a login or a device; `None` for what is the same everywhere (e-mail, phone, unionid, order).
    pub channel: Option<Channel>,
    /// The id in the channel's own terms, normalised: E.164 for phones, lower case for e-mail.
    pub external: String,
    /// What people see: a nickname, a name. Not part of the id, for people change it.
    pub name: Option<String>,
}

impl Identity {
    #[must_use]
    pub fn login(tenant: &TenantId, channel: Channel, external: &str) -> Self {
        Self::new(tenant, IdentityKind::Login, Some(channel), external)
    }

    #[must_use]
    pub fn new(tenant: &TenantId, kind: IdentityKind, channel: Option<Channel>, external: &str) -> Self {
        let channel = channel.filter(|_| matches!(kind, IdentityKind::Login | IdentityKind::Device));
        let id = IdentityId::of(tenant, channel.as_ref().map_or("", Channel::as_str), kind, external);
        Self { id, kind, channel, external: external.to_owned(), name: None }
    }

    #[must_use]
    pub fn named(mut self, name: Option<String>) -> Self {
        self.name = name.filter(|name| !name.is_empty());
        self
    }
}

/// Two identities that stood together in one row of a file or one message: evidence that they may be one person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Link {
    pub one: IdentityId,
    pub other: IdentityId,
    pub basis: LinkBasis,
    /// Which import said so: when it is undone, the evidence goes with it.
    pub import: ImportId,
}

/// On what ground two identities are linked. The order is that of trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkBasis {
    UnionId,
    OrderAccount,
    Email,
    Phone,
    ReferralCode,
    TrackedLink,
    Device,
}

impl LinkBasis {
    pub const ALL: [Self; 7] =
        [Self::UnionId, Self::OrderAccount, Self::Email, Self::Phone, Self::ReferralCode, Self::TrackedLink, Self::Device];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnionId => "union-id",
            Self::OrderAccount => "order-account",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::ReferralCode => "referral-code",
            Self::TrackedLink => "tracked-link",
            Self::Device => "device",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.as_str() == text)
    }

    /// How sure we are that a link on this ground is one person. These are our own prior judgements, stated here and in
    /// `kith.toml`; they order the merges and are shown with each.
    #[must_use]
    pub const fn confidence(self) -> f64 {
        match self {
            Self::UnionId => 0.999,
            Self::OrderAccount => 0.99,
            Self::Email => 0.97,
            Self::Phone => 0.95,
            Self::ReferralCode => 0.9,
            Self::TrackedLink => 0.85,
            Self::Device => 0.6,
        }
    }
}

impl fmt::Display for LinkBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Slug;

    #[test]
    fn a_phone_is_the_same_identity_on_every_channel() {
        let tenant = Slug::parse("tea").unwrap();
        let weibo = Identity::new(&tenant, IdentityKind::Phone, Channel::parse("weibo").ok(), "+8613800138000");
        let shop = Identity::new(&tenant, IdentityKind::Phone, Channel::parse("shop").ok(), "+8613800138000");
        assert_eq!(weibo, shop);
    }

    #[test]
    fn the_same_login_on_two_channels_is_two_identities() {
        let tenant = Slug::parse("tea").unwrap();
        let weibo = Identity::login(&tenant, Channel::parse("weibo").unwrap(), "1");
        let shop = Identity::login(&tenant, Channel::parse("shop").unwrap(), "1");
        assert_ne!(weibo.id, shop.id);
    }
}

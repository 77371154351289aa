//! Where a touch happened (channel) and what brought the person there (medium).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{IdError, Slug};

/// A network, shop or place where touches happen. The known ones have behaviour of their own; any other short name is a channel
/// too, because a small shop's world is wider than any list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Channel(Slug);

impl Channel {
    pub const WEIBO: &'static str = "weibo";
    /// A WeChat subscription account (订阅号).
    pub const WECHAT_SUBSCRIPTION: &'static str = "wechat-subscription";
    /// A WeChat service account (服务号).
    pub const WECHAT_SERVICE: &'static str = "wechat-service";
    pub const BLUESKY: &'static str = "bluesky";
    pub const MASTODON: &'static str = "mastodon";
    pub const EMAIL: &'static str = "email";
    pub const COMMUNITY: &'static str = "community";
    pub const WEB: &'static str = "web";
    pub const SHOP: &'static str = "shop";
    pub const PHONE: &'static str = "phone";
    pub const SERVICE_DESK: &'static str = "service-desk";
    pub const FEED: &'static str = "feed";

    pub fn parse(text: &str) -> Result<Self, IdError> {
        Slug::parse(text).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Can anybody read what is said there? Only then is an unanswered complaint a public one.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self.as_str(), Self::WEIBO | Self::BLUESKY | Self::MASTODON | Self::COMMUNITY | Self::FEED)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What brought a person: the rows of the media register (demand 3.1) and the channels themselves.
///
/// A short name, so that a tenant can add media of its own. `direct` is the answer where nothing is known; it is a row of its
/// own in every report and is never spread over the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Medium(Slug);

impl Medium {
    pub const DIRECT: &'static str = "direct";

    /// The media of demand 3.1 and our two-way channels, with their names in English and Chinese.
    pub const REGISTER: &'static [(&'static str, &'static str, &'static str)] = &[
        ("direct", "Direct or unknown", "直接访问或未知"),
        ("weibo", "Weibo", "微博"),
        ("wechat-subscription", "WeChat subscription account", "微信订阅号"),
        ("wechat-service", "WeChat service account", "微信服务号"),
        ("bluesky", "Bluesky", "Bluesky"),
        ("mastodon", "Mastodon", "Mastodon"),
        ("email", "E-mail", "电子邮件"),
        ("sms", "Text message", "短信"),
        ("portal-ad", "Portal advertisement", "门户广告"),
        ("industry-ad", "Industry site advertisement", "行业网站广告"),
        ("content-ad", "Content advertisement", "内容广告"),
        ("social-ad", "Social network advertisement", "社交广告"),
        ("paid-search", "Search keywords", "搜索关键词广告"),
        ("organic-search", "Unpaid search", "自然搜索"),
        ("alliance", "Affiliate alliance", "推广联盟"),
        ("forum", "Forum", "论坛"),
        ("blog", "Blog", "博客"),
        ("answers", "Questions and answers", "问答"),
        ("qq-group", "QQ group", "QQ群"),
        ("link-exchange", "Link exchange", "友情链接"),
        ("encyclopaedia", "Encyclopaedia", "百科"),
        ("directory", "Directory", "分类目录"),
        ("referral", "Referral by a customer", "老客户推荐"),
        ("community", "Own community", "自有社区"),
        ("tv", "Television", "电视"),
        ("print", "Print", "报刊"),
        ("outdoor", "Outdoor", "户外"),
        ("event", "Event", "活动"),
        ("shop", "Shop", "店铺"),
    ];

    pub fn parse(text: &str) -> Result<Self, IdError> {
        Slug::parse(&text.trim().replace([' ', '/', '(', ')'], "-")).map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Medium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_medium_of_the_register_is_a_short_name_and_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (name, _, _) in Medium::REGISTER {
            assert_eq!(Medium::parse(name).unwrap().as_str(), *name);
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn a_medium_of_two_words_is_one_name() {
        assert_eq!(Medium::parse("Paid Search").unwrap().as_str(), "paid-search");
    }

    #[test]
    fn weibo_is_public_and_wechat_is_not() {
        assert!(Channel::parse("Weibo").unwrap().is_public());
        assert!(!Channel::parse("wechat-service").unwrap().is_public());
    }
}

//! The campaigns of a tea shop's year, where they show, and what they truly bring.

use chrono::{Datelike, NaiveDate};
use kith_core::{Campaign, Currency, Day, Medium, Money, Placement, Slug, Stage, Step, SuccessDefinition};

use super::topics::Topic;
use super::world::TownError;

/// Whom a placement shows to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// Anybody, and nobody knows who saw it: only clicks are seen.
    Unseen,
    /// Anybody on Weibo; the network tells who was shown it.
    Weibo,
    /// Followers of the service account, by message.
    Service,
    /// Readers of the campaign's own posts.
    OwnPosts,
    /// Those who looked around in the shop in the last week and did not buy.
    Retargeting,
    /// Those who search for the shop's name, because they are about to buy.
    BrandSearch,
}

/// A campaign with its hidden nature.
#[derive(Debug, Clone)]
pub struct PlannedCampaign {
    pub campaign: Campaign,
    /// First and last day, counted from the town's first day.
    pub(super) days: (u16, u16),
    /// What one showing adds to interest: 1 doubles the wish to buy for that day.
    pub push: f64,
    /// Share of the price that the coupon takes off for whoever was shown the campaign.
    pub discount: f64,
    pub topic: Topic,
    /// Does it raffle prizes among those who repost?
    pub prize: bool,
    /// Share of contacts, at random, who are shown nothing of it.
    pub holdout: f64,
}

/// A placement with its hidden nature.
#[derive(Debug, Clone)]
pub struct PlannedPlacement {
    pub placement: Placement,
    /// Which campaign, by its place in [`super::World::campaigns`].
    pub campaign: usize,
    pub aim: Aim,
    /// Share of those it aims at who can be reached at all.
    pub reach: f64,
    /// Factor on the campaign's push.
    pub force: f64,
}

struct Template {
    slug: &'static str,
    name: &'static str,
    from: (u32, u32),
    until: (u32, u32),
    push: f64,
    discount: f64,
    topic: Topic,
    prize: bool,
    holdout: f64,
    media: &'static [(&'static str, Aim)],
}

const TEMPLATES: [Template; 6] = [
    Template {
        slug: "new-year",
        name: "年货节",
        from: (1, 12),
        until: (2, 8),
        push: 2.6,
        discount: 0.10,
        topic: Topic::Gifts,
        prize: false,
        holdout: 0.0,
        media: &[
            ("weibo", Aim::OwnPosts),
            ("wechat-service", Aim::Service),
            ("social-ad", Aim::Weibo),
            ("portal-ad", Aim::Unseen),
            ("paid-search", Aim::BrandSearch),
            ("content-ad", Aim::Retargeting),
        ],
    },
    Template {
        slug: "spring-tea",
        name: "春茶上新",
        from: (3, 20),
        until: (4, 20),
        push: 3.4,
        discount: 0.0,
        topic: Topic::Origin,
        prize: false,
        holdout: 0.2,
        media: &[
            ("weibo", Aim::OwnPosts),
            ("wechat-subscription", Aim::OwnPosts),
            ("social-ad", Aim::Weibo),
            ("blog", Aim::Unseen),
            ("paid-search", Aim::BrandSearch),
        ],
    },
    Template {
        slug: "mothers-day",
        name: "母亲节 · 给妈妈泡杯茶",
        from: (4, 28),
        until: (5, 10),
        push: 2.2,
        discount: 0.05,
        topic: Topic::Gifts,
        prize: false,
        holdout: 0.0,
        media: &[
            ("weibo", Aim::OwnPosts),
            ("wechat-service", Aim::Service),
            ("social-ad", Aim::Weibo),
            ("answers", Aim::Unseen),
            ("content-ad", Aim::Retargeting),
        ],
    },
    Template {
        slug: "cold-brew-618",
        name: "618 冷泡季",
        from: (6, 3),
        until: (6, 18),
        push: 2.8,
        discount: 0.15,
        topic: Topic::ColdBrew,
        prize: false,
        holdout: 0.1,
        media: &[
            ("weibo", Aim::OwnPosts),
            ("wechat-subscription", Aim::OwnPosts),
            ("social-ad", Aim::Weibo),
            ("alliance", Aim::Unseen),
            ("paid-search", Aim::BrandSearch),
            ("content-ad", Aim::Retargeting),
        ],
    },
    Template {
        slug: "mid-autumn",
        name: "中秋转发抽奖",
        from: (9, 8),
        until: (9, 24),
        push: 0.5,
        discount: 0.0,
        topic: Topic::Prizes,
        prize: true,
        holdout: 0.0,
        media: &[
            ("weibo", Aim::OwnPosts),
            ("social-ad", Aim::Weibo),
            ("qq-group", Aim::Unseen),
            ("paid-search", Aim::BrandSearch),
        ],
    },
    Template {
        slug: "double-11",
        name: "双十一",
        from: (10, 28),
        until: (11, 11),
        push: 4.5,
        discount: 0.20,
        topic: Topic::Season,
        prize: false,
        holdout: 0.1,
        media: &[
            ("weibo", Aim::OwnPosts),
            ("wechat-service", Aim::Service),
            ("social-ad", Aim::Weibo),
            ("portal-ad", Aim::Unseen),
            ("outdoor", Aim::Unseen),
            ("paid-search", Aim::BrandSearch),
            ("content-ad", Aim::Retargeting),
        ],
    },
];

impl Aim {
    /// Does it only stand where people pass who buy anyway?
    #[must_use]
    pub const fn harvests(self) -> bool {
        matches!(self, Self::Retargeting | Self::BrandSearch)
    }

    const fn reach(self) -> f64 {
        match self {
            Self::Unseen => 0.16,
            Self::Weibo => 0.30,
            Self::Service => 0.85,
            Self::OwnPosts | Self::BrandSearch => 1.0,
            Self::Retargeting => 0.7,
        }
    }

    const fn force(self) -> f64 {
        match self {
            Self::Unseen => 0.8,
            Self::Weibo | Self::OwnPosts => 1.0,
            Self::Service => 1.2,
            Self::Retargeting => 0.03,
            Self::BrandSearch => 0.0,
        }
    }

    /// What a contact of the town costs, in fen (the shop pays for its whole town, so that costs grow with it).
    const fn fen_per_contact(self) -> i64 {
        match self {
            Self::Unseen => 150,
            Self::Weibo => 210,
            Self::Service => 10,
            Self::OwnPosts => 0,
            Self::Retargeting => 60,
            Self::BrandSearch => 70,
        }
    }

    const fn form(self) -> &'static str {
        match self {
            Self::Unseen => "图文广告",
            Self::Weibo => "信息流广告",
            Self::Service => "模板消息",
            Self::OwnPosts => "自有图文",
            Self::Retargeting => "再营销横幅",
            Self::BrandSearch => "品牌词搜索",
        }
    }
}

/// Every campaign that fits wholly between the town's third month (the first two show what the shop sells by itself) and its last day.
pub(super) fn plan(first: Day, days: u16, contacts: u64) -> Result<(Vec<PlannedCampaign>, Vec<PlannedPlacement>), TownError> {
    let last = first.plus(i64::from(days) - 1);
    let (earliest, mut campaigns, mut placements) = (first.plus(61), Vec::new(), Vec::new());
    let mut runs: Vec<(Day, Day, &Template)> = Vec::new();
    for year in first.0.year()..=last.0.year() {
        for template in &TEMPLATES {
            let day = |(month, day)| NaiveDate::from_ymd_opt(year, month, day).map(Day);
            if let (Some(from), Some(until)) = (day(template.from), day(template.until))
                && from >= earliest
                && until <= last
            {
                runs.push((from, until, template));
            }
        }
    }
    runs.sort_by_key(|(from, ..)| *from);
    for (number, (from, until, template)) in runs.into_iter().enumerate() {
        let slug = format!("{}-{}", template.slug, from.0.year());
        campaigns.push(PlannedCampaign {
            campaign: campaign(&slug, from, until, template)?,
            days: (offset(first, from), offset(first, until)),
            push: template.push,
            discount: template.discount,
            topic: template.topic,
            prize: template.prize,
            holdout: template.holdout,
        });
        for (medium, aim) in template.media {
            let fen = aim.fen_per_contact() * contacts as i64;
            placements.push(PlannedPlacement {
                placement: Placement {
                    id: Slug::parse(&format!("{slug}-{medium}"))?,
                    campaign: Slug::parse(&slug)?,
                    medium: Medium::parse(medium)?,
                    content: template.name.to_owned(),
                    form: aim.form().to_owned(),
                    place: (*medium).to_owned(),
                    from,
                    until,
                    cost: (fen > 0).then(|| Money::new(fen, Currency::CNY)),
                    link: format!("{}{number}{}", &template.slug[..2], placements.len()),
                },
                campaign: number,
                aim: *aim,
                reach: aim.reach(),
                force: aim.force(),
            });
        }
    }
    Ok((campaigns, placements))
}

fn offset(first: Day, day: Day) -> u16 {
    u16::try_from((day.0 - first.0).num_days()).unwrap_or(u16::MAX)
}

fn campaign(slug: &str, from: Day, until: Day, template: &Template) -> Result<Campaign, TownError> {
    let step = |what: &str, owner: &str, on: Day| Step { what: what.to_owned(), owner: owner.to_owned(), on, done: true };
    let success = SuccessDefinition {
        measure: if template.prize { "visits" } else { "orders" }.to_owned(),
        baseline: 100.0,
        target: 130.0,
        by: until,
        method: if template.holdout > 0.0 { "against a random holdout" } else { "against the same days before" }.to_owned(),
    };
    Ok(Campaign {
        id: Slug::parse(slug)?,
        name: template.name.to_owned(),
        from,
        until,
        success: Some(success),
        stages: vec![
            Stage {
                name: "预热".to_owned(),
                steps: vec![step("写文案，备礼盒", "小叶", from.plus(-10)), step("预告", "阿青", from.plus(-3))],
            },
            Stage { name: "上线".to_owned(), steps: vec![step("发布与投放", "阿青", from)] },
            Stage { name: "复盘".to_owned(), steps: vec![step("一页总结", "小叶", until.plus(5))] },
        ],
    })
}

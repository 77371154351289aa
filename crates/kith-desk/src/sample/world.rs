//! What is the same for everyone: the town's days, the shop's accounts, campaigns, posts, prices and costs.

use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate};
use kith_core::{
    Account, AccountRole, Brand, BrandSide, Calendar, Channel, Cost, CostKind, Currency, Day, IdError, Language, Medium, Money,
    Record, Slug, Tenant,
};

use super::campaigns::{self, PlannedCampaign, PlannedPlacement};
use super::posts::{self, PlannedPost};
use super::topics::Topic;

/// How large, how lucky and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Town {
    pub contacts: u64,
    pub seed: u64,
    /// The last day, in Shanghai.
    pub until: Day,
    pub months: u32,
}

const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 10, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

impl Default for Town {
    /// Twenty thousand contacts, eighteen months. The last day is fixed and not today, so that the same town is the same town tomorrow.
    fn default() -> Self {
        Self { contacts: 20_000, seed: 1, until: Day(LAST_DAY), months: 18 }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TownError {
    #[error("a town of {0} contacts cannot be made: choose 1 to 99,999,999")]
    Contacts(u64),
    #[error("a town of {0} months cannot be made: choose 1 to 36")]
    Months(u32),
    #[error("a town cannot end on {0}: choose a day between 1995 and 2150")]
    Until(Day),
    #[error("the sample town has a name that is no short name: please report it")]
    Name(#[from] IdError),
    #[error("the time zone Asia/Shanghai is unknown to this build: please report it")]
    Zone,
}

/// Where something happens. The first three are accounts that people follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    Weibo,
    Subscription,
    Service,
    Shop,
    Web,
}

impl Place {
    pub(super) const ALL: [Self; 5] = [Self::Weibo, Self::Subscription, Self::Service, Self::Shop, Self::Web];

    pub(super) const fn channel(self) -> &'static str {
        match self {
            Self::Weibo => Channel::WEIBO,
            Self::Subscription => Channel::WECHAT_SUBSCRIPTION,
            Self::Service => Channel::WECHAT_SERVICE,
            Self::Shop => Channel::SHOP,
            Self::Web => Channel::WEB,
        }
    }

    /// Its main account, by its place in [`ACCOUNTS`].
    pub(super) const fn account(self) -> usize {
        match self {
            Self::Weibo => 0,
            Self::Subscription => 2,
            Self::Service => 3,
            Self::Shop | Self::Web => 4,
        }
    }

    /// The medium that people come by when they come from there.
    pub(super) const fn medium(self) -> usize {
        self as usize
    }
}

/// A post from afar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance {
    pub(super) place: Place,
    pub(super) prizes: bool,
    pub(super) campaign: Option<u8>,
}

/// Media without a placement, by the numbers that happenings carry.
pub(super) const MEDIA: [&str; 8] =
    ["weibo", "wechat-subscription", "wechat-service", "shop", "direct", "organic-search", "referral", "paid-search"];
pub(super) const DIRECT: usize = 4;
pub(super) const ORGANIC: usize = 5;
pub(super) const REFERRAL: usize = 6;
pub(super) const SEARCH: usize = 7;

/// (id, place, handle, objective, audience, measure). The second has no role: Kith should say so.
pub(super) const ACCOUNTS: [(&str, Place, &str, Option<[&str; 3]>); 5] = [
    ("weibo-main", Place::Weibo, "一叶茶", Some(["品牌：让人认识一叶茶", "爱喝茶的年轻人", "reads"])),
    ("weibo-jokes", Place::Weibo, "一叶茶的段子手", None),
    ("wechat-news", Place::Subscription, "一叶茶读", Some(["内容：教人喝茶", "订阅读者", "reads"])),
    ("wechat-care", Place::Service, "一叶茶服务", Some(["服务：照顾买过的人", "买过茶的人", "first response time"])),
    ("shop-web", Place::Shop, "一叶茶旗舰店", Some(["销售", "想买茶的人", "orders"])),
];

/// Everything that does not depend on who lives in the town.
#[derive(Debug)]
pub struct World {
    pub town: Town,
    pub tenant: Tenant,
    pub accounts: Vec<Account>,
    pub brands: Vec<Brand>,
    pub campaigns: Vec<PlannedCampaign>,
    pub placements: Vec<PlannedPlacement>,
    pub posts: Vec<PlannedPost>,
    /// The first day.
    pub first: Day,
    pub(super) days: u16,
    /// Seconds since 1970 of the first midnight. Shanghai has kept one offset since 1992, so a day is 86,400 seconds.
    pub(super) epoch: i64,
    pub(super) posts_of_day: Vec<Range<usize>>,
    /// Of each post what decides whether somebody reads it: asked a thousand times a life, so it lies close together.
    pub(super) glances: Vec<Glance>,
    pub(super) placements_of_day: Vec<Vec<usize>>,
    /// Factor on wanting tea, per day.
    pub(super) season: Vec<f64>,
    pub(super) channels: Vec<Channel>,
    pub(super) media: Vec<Medium>,
}

impl World {
    pub fn new(town: &Town) -> Result<Self, TownError> {
        if !(1..=99_999_999).contains(&town.contacts) {
            return Err(TownError::Contacts(town.contacts));
        }
        if !(1..=36).contains(&town.months) {
            return Err(TownError::Months(town.months));
        }
        if !(1995..=2150).contains(&town.until.0.year()) {
            return Err(TownError::Until(town.until));
        }
        let end = town.until.plus(1);
        let first = Day(end.0.checked_sub_months(Months::new(town.months)).ok_or(TownError::Until(town.until))?);
        let days = u16::try_from((end.0 - first.0).num_days()).map_err(|_| TownError::Months(town.months))?;
        let calendar = Calendar::parse("Asia/Shanghai").ok_or(TownError::Zone)?;
        let epoch = calendar.start(first).micros() / 1_000_000;
        let (campaigns, placements) = campaigns::plan(first, days, town.contacts)?;
        let (posts, posts_of_day) = posts::plan(town.seed, epoch, days, &campaigns)?;
        let glance = |post: &PlannedPost| Glance {
            place: post.place,
            prizes: post.topic == Topic::Prizes,
            campaign: post.campaign.and_then(|campaign| u8::try_from(campaign).ok()),
        };
        let glances = posts.iter().map(glance).collect();
        let placements_of_day = (0..days).map(|day| showing(&campaigns, &placements, day)).collect();
        Ok(Self {
            tenant: Tenant {
                id: Slug::parse("sample-tea")?,
                name: "一叶茶 / One Leaf Tea".to_owned(),
                calendar,
                currency: Currency::CNY,
                language: Language::Zh,
                country: "CN".to_owned(),
            },
            accounts: ACCOUNTS.into_iter().map(account).collect::<Result<_, _>>()?,
            brands: brands()?,
            season: (0..days).map(|day| season(first.plus(i64::from(day)))).collect(),
            channels: Place::ALL.into_iter().map(|place| Channel::parse(place.channel())).collect::<Result<_, _>>()?,
            media: MEDIA.into_iter().map(Medium::parse).collect::<Result<_, _>>()?,
            town: town.clone(),
            campaigns,
            placements,
            posts,
            first,
            days,
            epoch,
            posts_of_day,
            glances,
            placements_of_day,
        })
    }

    /// Posts and costs. What platforms count comes with the people: [`World::insights`].
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let posts = self.posts.iter().map(|planned| Record::Post(planned.post.clone()));
        let costs = self.costs().into_iter().map(|cost| Record::Cost { cost, nth: 0 });
        posts.chain(costs).collect()
    }

    /// Media, prizes, and the hours of the two people who do all this.
    #[must_use]
    pub fn costs(&self) -> Vec<Cost> {
        let mut costs = Vec::new();
        let cost = |kind, from, until, medium: &Medium, fen| Cost {
            from,
            until,
            kind,
            medium: medium.clone(),
            campaign: None,
            placement: None,
            account: None,
            amount: Money::new(fen, Currency::CNY),
            hours: None,
        };
        for planned in &self.placements {
            let placement = &planned.placement;
            let Some(money) = placement.cost else { continue };
            let paid = cost(CostKind::Media, placement.from, placement.until, &placement.medium, money.minor);
            costs.push(Cost {
                campaign: Some(placement.campaign.to_string()),
                placement: Some(placement.id.to_string()),
                ..paid
            });
        }
        for planned in self.campaigns.iter().filter(|planned| planned.prize) {
            let prizes = cost(
                CostKind::Goods,
                planned.campaign.from,
                planned.campaign.until,
                &self.media[0],
                60 * self.town.contacts as i64,
            );
            costs.push(Cost { campaign: Some(planned.campaign.id.to_string()), ..prizes });
        }
        let mut from = self.first;
        while from <= self.town.until {
            let next = from.0.checked_add_months(Months::new(1)).map_or(self.town.until.plus(1), Day);
            let until = next.plus(-1).min(self.town.until);
            let share = ((until.0 - from.0).num_days() + 1) as f64 / 30.0;
            for (number, hours) in [(0, 40.0), (1, 12.0), (2, 44.0), (3, 36.0)] {
                let (id, place, ..) = ACCOUNTS[number];
                let hours = (hours * share * 10.0).round() / 10.0;
                let work = cost(CostKind::Labour, from, until, &self.media[place.medium()], (hours * 4_500.0).round() as i64);
                costs.push(Cost { account: Some(id.to_owned()), hours: Some(hours), ..work });
            }
            from = next;
        }
        costs
    }

    /// Seconds since 1970 at which the town ends: nothing happens then or later.
    pub(super) fn end(&self) -> i64 {
        self.epoch + i64::from(self.days) * 86_400
    }
}

fn showing(campaigns: &[PlannedCampaign], placements: &[PlannedPlacement], day: u16) -> Vec<usize> {
    let runs = |placement: &PlannedPlacement| {
        (campaigns[placement.campaign].days.0..=campaigns[placement.campaign].days.1).contains(&day)
    };
    (0..placements.len()).filter(|number| runs(&placements[*number])).collect()
}

fn account((id, place, handle, role): (&str, Place, &str, Option<[&str; 3]>)) -> Result<Account, IdError> {
    let role = role.map(|[objective, audience, measure]| AccountRole {
        objective: objective.to_owned(),
        audience: audience.to_owned(),
        measure: measure.to_owned(),
    });
    Ok(Account {
        id: Slug::parse(id)?,
        channel: Channel::parse(place.channel())?,
        handle: handle.to_owned(),
        roles: role.into_iter().collect(),
    })
}

fn brands() -> Result<Vec<Brand>, IdError> {
    let brand = |id: &str, name: &str, side, aliases: &[&str]| -> Result<Brand, IdError> {
        Ok(Brand {
            id: Slug::parse(id)?,
            name: name.to_owned(),
            side,
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        })
    };
    Ok(vec![
        brand("one-leaf", "一叶茶", BrandSide::Own, &["One Leaf Tea", "一叶", "oneleaf"])?,
        brand("clear-stream", "清溪茶事", BrandSide::Competitor, &["Clear Stream Tea", "清溪", "隔壁清溪"])?,
    ])
}

/// People give tea before the New Year and at Mid-Autumn, want it fresh in April and cold in summer, and more of it at weekends.
fn season(day: Day) -> f64 {
    let month = [1.25, 0.9, 1.05, 1.2, 1.0, 1.0, 0.95, 0.9, 1.2, 1.0, 1.1, 1.05][day.0.month0() as usize];
    let weekday = [0.9, 0.9, 0.95, 0.95, 1.0, 1.15, 1.15][day.0.weekday().num_days_from_monday() as usize];
    month * weekday
}

//! What the shop speaks about, how much people care, and how fast they tire of it.

use serde::{Deserialize, Serialize};

/// A topic of the shop's posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    Brewing,
    Origin,
    Season,
    ColdBrew,
    Gifts,
    ShopLife,
    Jokes,
    Prizes,
}

/// The true nature of a topic.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nature {
    /// Chance of a response (like, repost, comment, favourite) of a fresh reader of average taste.
    pub(super) appeal: f64,
    /// Chance that such a reader follows the post's link.
    pub(super) click: f64,
    /// Factor on both for every unit of wear.
    pub(super) decay: f64,
    /// Days in which half of the wear is gone.
    pub(super) half_life: f64,
    /// Weights of the topic in the calendars of Weibo, the subscription account and the service account.
    pub(super) weights: [u32; 3],
}

impl Topic {
    pub const COUNT: usize = 8;
    pub const ALL: [Self; Self::COUNT] =
        [Self::Brewing, Self::Origin, Self::Season, Self::ColdBrew, Self::Gifts, Self::ShopLife, Self::Jokes, Self::Prizes];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brewing => "brewing",
            Self::Origin => "origin",
            Self::Season => "season",
            Self::ColdBrew => "cold-brew",
            Self::Gifts => "gifts",
            Self::ShopLife => "shop-life",
            Self::Jokes => "jokes",
            Self::Prizes => "prizes",
        }
    }

    pub(super) const fn hashtag(self) -> &'static str {
        match self {
            Self::Brewing => "泡茶小课堂",
            Self::Origin => "茶山日记",
            Self::Season => "今日宜喝茶",
            Self::ColdBrew => "冷泡一夏",
            Self::Gifts => "送礼有心",
            Self::ShopLife => "店里那些事",
            Self::Jokes => "每日一笑",
            Self::Prizes => "转发抽奖",
        }
    }

    pub(super) const fn nature(self) -> Nature {
        let (appeal, click, decay, half_life, weights) = match self {
            Self::Brewing => (0.10, 0.022, 0.93, 6.0, [16, 26, 20]),
            Self::Origin => (0.09, 0.018, 0.91, 9.0, [14, 24, 10]),
            Self::Season => (0.08, 0.025, 0.90, 8.0, [14, 16, 20]),
            Self::ColdBrew => (0.09, 0.024, 0.86, 12.0, [10, 10, 10]),
            Self::Gifts => (0.06, 0.030, 0.84, 14.0, [12, 10, 25]),
            Self::ShopLife => (0.12, 0.010, 0.92, 7.0, [12, 12, 15]),
            Self::Jokes => (0.14, 0.002, 0.76, 18.0, [28, 0, 0]),
            Self::Prizes => (0.11, 0.008, 0.80, 16.0, [6, 2, 0]),
        };
        Nature { appeal, click, decay, half_life, weights }
    }
}

/// How worn a reader is by each topic.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wear {
    amount: [f64; Topic::COUNT],
    since: [u16; Topic::COUNT],
}

impl Wear {
    /// The factor on the chance of a response today, before today's reading counts.
    pub(super) fn factor(&self, topic: Topic, day: u16) -> f64 {
        let left = self.left(topic, day);
        if left == 0.0 { 1.0 } else { topic.nature().decay.powf(left) }
    }

    /// One more reading.
    pub(super) fn read(&mut self, topic: Topic, day: u16) {
        self.amount[topic as usize] = self.left(topic, day) + 1.0;
        self.since[topic as usize] = day;
    }

    fn left(&self, topic: Topic, day: u16) -> f64 {
        let amount = self.amount[topic as usize];
        if amount == 0.0 {
            return 0.0;
        }
        let days = f64::from(day.saturating_sub(self.since[topic as usize]));
        amount * (-days / topic.nature().half_life).exp2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_wears_by_reading_and_recovers_by_resting() {
        let mut wear = Wear::default();
        assert_eq!(wear.factor(Topic::Jokes, 0), 1.0);
        wear.read(Topic::Jokes, 0);
        wear.read(Topic::Jokes, 0);
        let Nature { decay, half_life, .. } = Topic::Jokes.nature();
        assert!((wear.factor(Topic::Jokes, 0) - decay.powi(2)).abs() < 1e-12);
        assert!((wear.factor(Topic::Jokes, half_life as u16) - decay).abs() < 1e-12);
        assert_eq!(wear.factor(Topic::Brewing, 0), 1.0);
    }
}

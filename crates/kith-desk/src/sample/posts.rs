//! The editorial calendar: what the shop publishes, on which account, when.

use std::ops::Range;

use kith_core::{Channel, Instant, Post};

use super::campaigns::PlannedCampaign;
use super::dice::{mix, pick, unit};
use super::topics::Topic;
use super::words;
use super::world::{Place, TownError};

/// A post with its hidden nature.
#[derive(Debug, Clone)]
pub struct PlannedPost {
    pub post: Post,
    pub topic: Topic,
    /// The campaign it belongs to, by its place in [`super::World::campaigns`].
    pub campaign: Option<usize>,
    pub(super) place: Place,
    pub(super) account: usize,
    /// Second of the day at which it appears.
    pub(super) second: u32,
    /// How well it is written: a factor on the topic's appeal, mostly near 1.
    pub(super) craft: f64,
}

/// The day on which posts can still be read is that of their publication: a post of a small shop lives an evening.
pub(super) fn plan(
    seed: u64,
    epoch: i64,
    days: u16,
    campaigns: &[PlannedCampaign],
) -> Result<(Vec<PlannedPost>, Vec<Range<usize>>), TownError> {
    let (mut posts, mut by_day) = (Vec::new(), Vec::with_capacity(usize::from(days)));
    for day in 0..days {
        let begin = posts.len();
        let running = campaigns.iter().position(|campaign| (campaign.days.0..=campaign.days.1).contains(&day));
        for place in [Place::Weibo, Place::Subscription, Place::Service] {
            let bits = mix(seed ^ mix(u64::from(day) * 8 + place as u64));
            let weekday = (epoch.div_euclid(86_400) + 1 + i64::from(day) + 3).rem_euclid(7);
            let due = match place {
                Place::Weibo => unit(bits) < 0.93,
                Place::Subscription => matches!(weekday, 1 | 3 | 5),
                // A service account may send four times a month.
                _ => day % 8 == 4,
            };
            if !due {
                continue;
            }
            let campaign = running.filter(|_| mix(bits ^ 5) % 100 < 45);
            let topic = campaign.map_or_else(|| topic_of(place, mix(bits ^ 1)), |number| campaigns[number].topic);
            let hour = *pick(&[8_u32, 12, 12, 18, 20, 21], mix(bits ^ 2));
            let second = hour * 3_600 + (mix(bits ^ 3) % 3_000) as u32;
            let at = epoch + i64::from(day) * 86_400 + i64::from(second);
            let number = posts.len();
            let account = if topic == Topic::Jokes { 1 } else { place.account() };
            let (title, text) = words::post(
                topic,
                campaign.map(|number| campaigns[number].campaign.name.as_str()),
                place == Place::Weibo,
                mix(bits ^ 4),
            );
            posts.push(PlannedPost {
                post: Post {
                    channel: Channel::parse(place.channel())?,
                    external: format!("{}{:07}", if place == Place::Weibo { 52 } else { 224_765 }, 1_000 + number * 13),
                    account: Some(super::world::ACCOUNTS[account].0.to_owned()),
                    author: None,
                    published_at: Instant::from_seconds(at).ok(),
                    title,
                    text,
                    url: None,
                    campaign: campaign.map(|number| campaigns[number].campaign.id.to_string()),
                    topics: vec![topic.as_str().to_owned()],
                    attributes: String::new(),
                },
                topic,
                campaign,
                place,
                account,
                second,
                craft: 0.6 + 0.8 * unit(mix(bits ^ 6)),
            });
        }
        by_day.push(begin..posts.len());
    }
    Ok((posts, by_day))
}

fn topic_of(place: Place, bits: u64) -> Topic {
    let weight = |topic: &Topic| u64::from(topic.nature().weights[place as usize]);
    let total: u64 = Topic::ALL.iter().map(weight).sum();
    let mut left = bits % total;
    for topic in Topic::ALL {
        match left.checked_sub(weight(&topic)) {
            Some(rest) => left = rest,
            None => return topic,
        }
    }
    Topic::Season
}

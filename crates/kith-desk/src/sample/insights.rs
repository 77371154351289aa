//! What the platforms count: for each post and day, and for each account, exactly the touches that were simulated.

use std::collections::BTreeMap;

use kith_core::{Insight, Metric, Record, TouchKind};

use super::life::Life;
use super::world::{ACCOUNTS, Place, TownError, World};

/// Counts of some contacts' touches, small whatever the town's size: one number a post (or account), day and metric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<(Counted, u16, &'static str), u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    Post(usize),
    Account(usize),
}

impl Tally {
    /// Adds the counts of other contacts.
    pub fn merge(&mut self, other: &Self) {
        for (key, count) in &other.counts {
            *self.counts.entry(*key).or_default() += count;
        }
    }

    /// The count of a post over all days.
    #[must_use]
    pub fn of_post(&self, post: usize, metric: &str) -> u64 {
        let days = self.counts.range((Counted::Post(post), 0, "")..(Counted::Post(post + 1), 0, ""));
        days.filter(|((_, _, name), _)| *name == metric).map(|(_, count)| count).sum()
    }

    pub(super) fn count(&mut self, world: &World, life: &Life) {
        for happening in &life.happenings {
            let day = ((happening.at - world.epoch) / 86_400) as u16;
            let metric = match happening.kind {
                TouchKind::Read => Metric::READS,
                TouchKind::Like => Metric::LIKES,
                TouchKind::Repost => Metric::REPOSTS,
                TouchKind::Comment => Metric::COMMENTS,
                TouchKind::Favourite => Metric::FAVOURITES,
                TouchKind::Click => Metric::CLICKS,
                TouchKind::Follow => Metric::NEW_FOLLOWERS,
                TouchKind::Unfollow => Metric::LOST_FOLLOWERS,
                _ => continue,
            };
            let counted = match (happening.kind, happening.post) {
                (TouchKind::Follow | TouchKind::Unfollow, _) if happening.place != Place::Shop => {
                    Counted::Account(happening.place.account())
                }
                (_, Some(post)) => Counted::Post(post),
                _ => continue,
            };
            *self.counts.entry((counted, day, metric)).or_default() += 1;
        }
    }
}

impl World {
    /// The platforms' daily counts, from the tallies of all batches.
    pub fn insights(&self, tally: &Tally) -> Result<Vec<Record>, TownError> {
        let mut insights = Vec::with_capacity(tally.counts.len());
        for ((counted, day, metric), count) in &tally.counts {
            let (account, post) = match counted {
                Counted::Post(number) => (self.posts[*number].account, Some(self.posts[*number].post.external.clone())),
                Counted::Account(number) => (*number, None),
            };
            insights.push(Record::Insight(Insight {
                channel: self.accounts[account].channel.clone(),
                account: Some(ACCOUNTS[account].0.to_owned()),
                post,
                medium: None,
                campaign: None,
                metric: Metric::parse(metric)?,
                at: self.tenant.calendar.start(self.first.plus(i64::from(*day))),
                daily: true,
                value: *count as f64,
            }));
        }
        Ok(insights)
    }
}

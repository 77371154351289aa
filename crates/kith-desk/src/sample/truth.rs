//! The known truth: the parameters of the world, and what they truly brought.
//!
//! Parts are whole numbers, so that they can be added in any order and give the same bytes.

use serde::{Deserialize, Serialize};

use super::after::{CARE_FACTOR, IGNORED_MOOD, LATE_STARS, WORD_PUSH};
use super::life::{INTEREST_KEEPS, REORDER_DAYS};
use super::persona::{CARE_HOLDOUT, HUNTERS};
use super::topics::Topic;
use super::world::World;

/// Millionths, to add fractions without rounding differences.
pub(super) fn micro(fraction: f64) -> i64 {
    (fraction * 1e6).round() as i64
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct TopicPart {
    pub(super) reads: i64,
    pub(super) responses: i64,
    /// Chances of a response, added: had nobody been worn, and as it was.
    pub(super) fresh_micro: i64,
    pub(super) worn_micro: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CampaignPart {
    pub(super) exposed: i64,
    pub(super) left_out: i64,
    pub(super) orders: i64,
    pub(super) revenue: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CarePart {
    /// [left out, cared for]: contacts to whom care could apply, and how many of them ordered again.
    pub(super) eligible: [i64; 2],
    pub(super) reordered: [i64; 2],
    /// Of all eligible: reorders had nobody, and had everybody been cared for.
    pub(super) reorders_without: i64,
    pub(super) reorders_with: i64,
    pub(super) orders: i64,
    pub(super) revenue: i64,
}

/// The truth of some contacts; parts of different contacts are added with [`TruthPart::merge`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TruthPart {
    pub(super) contacts: i64,
    pub(super) buyers: i64,
    pub(super) orders: i64,
    pub(super) revenue: i64,
    pub(super) touches: i64,
    pub(super) hunters: i64,
    pub(super) hunter_orders: i64,
    pub(super) campaigns: Vec<CampaignPart>,
    pub(super) showings: Vec<i64>,
    pub(super) topics: [TopicPart; Topic::COUNT],
    pub(super) care: CarePart,
    pub(super) words_heard: i64,
    pub(super) word_hearers: i64,
    pub(super) word_orders: i64,
    pub(super) word_revenue: i64,
    pub(super) friendships: i64,
    pub(super) parcels: i64,
    pub(super) late: i64,
    pub(super) late_stars: i64,
    pub(super) late_stars_in_time: i64,
}

impl TruthPart {
    pub(super) fn empty(world: &World) -> Self {
        Self {
            campaigns: vec![CampaignPart::default(); world.campaigns.len()],
            showings: vec![0; world.placements.len()],
            ..Self::default()
        }
    }

    /// Adds the truth of other contacts.
    pub fn merge(&mut self, other: &Self) {
        self.campaigns.resize(self.campaigns.len().max(other.campaigns.len()), CampaignPart::default());
        self.showings.resize(self.showings.len().max(other.showings.len()), 0);
        for (mine, theirs) in self.campaigns.iter_mut().zip(&other.campaigns) {
            mine.exposed += theirs.exposed;
            mine.left_out += theirs.left_out;
            mine.orders += theirs.orders;
            mine.revenue += theirs.revenue;
        }
        self.showings.iter_mut().zip(&other.showings).for_each(|(mine, theirs)| *mine += theirs);
        self.add_topics(&other.topics);
        let (mine, theirs) = (&mut self.care, &other.care);
        for arm in 0..2 {
            mine.eligible[arm] += theirs.eligible[arm];
            mine.reordered[arm] += theirs.reordered[arm];
        }
        mine.reorders_without += theirs.reorders_without;
        mine.reorders_with += theirs.reorders_with;
        mine.orders += theirs.orders;
        mine.revenue += theirs.revenue;
        self.contacts += other.contacts;
        self.buyers += other.buyers;
        self.orders += other.orders;
        self.revenue += other.revenue;
        self.touches += other.touches;
        self.hunters += other.hunters;
        self.hunter_orders += other.hunter_orders;
        self.words_heard += other.words_heard;
        self.word_hearers += other.word_hearers;
        self.word_orders += other.word_orders;
        self.word_revenue += other.word_revenue;
        self.friendships += other.friendships;
        self.parcels += other.parcels;
        self.late += other.late;
        self.late_stars += other.late_stars;
        self.late_stars_in_time += other.late_stars_in_time;
    }

    pub(super) fn add_topics(&mut self, topics: &[TopicPart; Topic::COUNT]) {
        for (mine, theirs) in self.topics.iter_mut().zip(topics) {
            mine.reads += theirs.reads;
            mine.responses += theirs.responses;
            mine.fresh_micro += theirs.fresh_micro;
            mine.worn_micro += theirs.worn_micro;
        }
    }
}

/// What is true of the town, as written beside its data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    pub tenant: String,
    pub seed: u64,
    pub first_day: String,
    pub last_day: String,
    pub contacts: i64,
    pub touches: i64,
    /// Contacts with at least one order that was not cancelled.
    pub buyers: i64,
    pub orders: i64,
    /// Fen, of orders that were not cancelled.
    pub revenue_minor: i64,
    pub prize_hunters: i64,
    pub prize_hunter_share: f64,
    pub prize_hunter_orders: i64,
    /// Share of interest that is left after a day.
    pub interest_kept_per_day: f64,
    pub campaigns: Vec<CampaignTruth>,
    pub care: CareTruth,
    pub word_of_mouth: WordTruth,
    pub topics: Vec<TopicTruth>,
    pub lateness: LatenessTruth,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignTruth {
    pub campaign: String,
    /// Interest that one showing of full force adds.
    pub push: f64,
    pub discount: f64,
    /// Contacts who were shown it at least once.
    pub exposed_contacts: i64,
    pub holdout_share: f64,
    pub holdout_contacts: i64,
    /// Orders with the campaign minus orders without it, over the whole time: pulled forward is not caused.
    pub orders_caused: i64,
    /// Fen; may be negative where a coupon was given to who would have paid the full price.
    pub revenue_caused_minor: i64,
    pub cost_minor: i64,
    pub placements: Vec<PlacementTruth>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacementTruth {
    pub placement: String,
    pub medium: String,
    pub showings: i64,
    /// Interest that one showing adds: brand search adds none.
    pub push: f64,
    /// Does it stand only where people pass who buy anyway?
    pub harvests: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CareTruth {
    /// Share of all contacts, at random, who get none.
    pub holdout_share: f64,
    /// Factor on the wish to order, from the first message to day 80 after the delivery.
    pub wish_factor: f64,
    pub reorder_window_days: u16,
    /// Contacts whose first delivery as followers of the service account left the whole window to be seen.
    pub eligible_cared: i64,
    pub eligible_left_out: i64,
    pub reordered_cared: i64,
    pub reordered_left_out: i64,
    /// Reorder rate of all eligible if everybody is cared for, minus that if nobody is: both lives of each were lived.
    pub effect_on_reorder_rate: f64,
    /// Standard error with which the difference of the two observed groups estimates that effect.
    pub sampling_error: f64,
    /// Of those who were cared for: orders and fen that they would not have brought otherwise.
    pub orders_caused: i64,
    pub revenue_caused_minor: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordTruth {
    pub push: f64,
    pub friendships: i64,
    pub words_heard: i64,
    pub contacts_who_heard: i64,
    pub orders_caused: i64,
    pub revenue_caused_minor: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicTruth {
    pub topic: Topic,
    /// Chance of a response of a fresh reader of average taste.
    pub appeal: f64,
    /// Factor on the chance of a response for each unit of wear; a reading is one.
    pub decay_per_reading: f64,
    pub half_life_days: f64,
    pub reads: i64,
    pub responses: i64,
    /// Responses to be expected had no reader been worn.
    pub responses_if_fresh: f64,
    /// Responses to be expected as worn as they were.
    pub responses_expected: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LatenessTruth {
    pub parcels: i64,
    pub late: i64,
    /// Stars that lateness costs the least patient.
    pub stars_lost_at_most: f64,
    /// Mean stars of late orders (said or only thought), and of the same orders had they come in time.
    pub mean_stars_late: f64,
    pub mean_stars_had_they_come_in_time: f64,
    pub ignored_complaint_mood_factor: f64,
}

impl World {
    /// The truth of the whole town, from the parts of all its batches.
    #[must_use]
    pub fn truth(&self, part: &TruthPart) -> Truth {
        Truth {
            tenant: self.tenant.id.to_string(),
            seed: self.town.seed,
            first_day: self.first.to_string(),
            last_day: self.town.until.to_string(),
            contacts: part.contacts,
            touches: part.touches,
            buyers: part.buyers,
            orders: part.orders,
            revenue_minor: part.revenue,
            prize_hunters: part.hunters,
            prize_hunter_share: HUNTERS,
            prize_hunter_orders: part.hunter_orders,
            interest_kept_per_day: INTEREST_KEEPS,
            campaigns: self
                .campaigns
                .iter()
                .zip(&part.campaigns)
                .enumerate()
                .map(|(n, (_, sum))| self.campaign_truth(n, sum, part))
                .collect(),
            care: care_truth(&part.care),
            word_of_mouth: WordTruth {
                push: WORD_PUSH,
                friendships: part.friendships,
                words_heard: part.words_heard,
                contacts_who_heard: part.word_hearers,
                orders_caused: part.word_orders,
                revenue_caused_minor: part.word_revenue,
            },
            topics: Topic::ALL.into_iter().map(|topic| topic_truth(topic, &part.topics[topic as usize])).collect(),
            lateness: LatenessTruth {
                parcels: part.parcels,
                late: part.late,
                stars_lost_at_most: LATE_STARS,
                mean_stars_late: part.late_stars as f64 / part.late.max(1) as f64,
                mean_stars_had_they_come_in_time: part.late_stars_in_time as f64 / part.late.max(1) as f64,
                ignored_complaint_mood_factor: IGNORED_MOOD,
            },
        }
    }

    fn campaign_truth(&self, number: usize, sum: &CampaignPart, part: &TruthPart) -> CampaignTruth {
        let planned = &self.campaigns[number];
        let id = planned.campaign.id.to_string();
        let placements = self.placements.iter().zip(&part.showings).filter(|(placement, _)| placement.campaign == number);
        let costs = self.costs().into_iter().filter(|cost| cost.campaign.as_ref() == Some(&id));
        CampaignTruth {
            push: planned.push,
            discount: planned.discount,
            exposed_contacts: sum.exposed,
            holdout_share: planned.holdout,
            holdout_contacts: sum.left_out,
            orders_caused: sum.orders,
            revenue_caused_minor: sum.revenue,
            cost_minor: costs.map(|cost| cost.amount.minor).sum(),
            placements: placements
                .map(|(placement, showings)| PlacementTruth {
                    placement: placement.placement.id.to_string(),
                    medium: placement.placement.medium.to_string(),
                    showings: *showings,
                    push: planned.push * placement.force,
                    harvests: placement.aim.harvests(),
                })
                .collect(),
            campaign: id,
        }
    }
}

fn care_truth(care: &CarePart) -> CareTruth {
    let rate = |arm: usize| care.reordered[arm] as f64 / care.eligible[arm].max(1) as f64;
    let variance = |arm: usize| rate(arm) * (1.0 - rate(arm)) / care.eligible[arm].max(1) as f64;
    let eligible = (care.eligible[0] + care.eligible[1]).max(1) as f64;
    CareTruth {
        holdout_share: CARE_HOLDOUT,
        wish_factor: CARE_FACTOR,
        reorder_window_days: REORDER_DAYS,
        eligible_cared: care.eligible[1],
        eligible_left_out: care.eligible[0],
        reordered_cared: care.reordered[1],
        reordered_left_out: care.reordered[0],
        effect_on_reorder_rate: (care.reorders_with - care.reorders_without) as f64 / eligible,
        sampling_error: (variance(0) + variance(1)).sqrt(),
        orders_caused: care.orders,
        revenue_caused_minor: care.revenue,
    }
}

fn topic_truth(topic: Topic, part: &TopicPart) -> TopicTruth {
    let nature = topic.nature();
    TopicTruth {
        topic,
        appeal: nature.appeal,
        decay_per_reading: nature.decay,
        half_life_days: nature.half_life,
        reads: part.reads,
        responses: part.responses,
        responses_if_fresh: part.fresh_micro as f64 / 1e6,
        responses_expected: part.worn_micro as f64 / 1e6,
    }
}

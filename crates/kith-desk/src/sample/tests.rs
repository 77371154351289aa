//! The town keeps its word: what the truth says of it can be found in its data.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use kith_core::{Channel, Digest, IdentityKind, Insight, LinkBasis, Metric, Phone, Record, Touch, TouchKind};

use super::topics::Topic;
use super::{Batch, Tally, Town, Truth, TruthPart, World};

/// One town for all the tests that need many people: 20,000 contacts, lived once.
struct Lived {
    world: World,
    batch: Batch,
    truth: Truth,
}

static TOWN: LazyLock<Lived> = LazyLock::new(|| {
    let world = World::new(&Town::default()).unwrap();
    let mut whole = Batch::default();
    let taken: Result<(), ()> = world.stream(2, 1_000, |batch| {
        whole.touches.extend(batch.touches);
        whole.identities.extend(batch.identities);
        whole.links.extend(batch.links);
        whole.records.extend(batch.records);
        whole.tally.merge(&batch.tally);
        whole.truth.merge(&batch.truth);
        Ok(())
    });
    taken.unwrap();
    let truth = world.truth(&whole.truth);
    Lived { world, batch: whole, truth }
});

fn small(seed: u64) -> World {
    World::new(&Town { contacts: 700, seed, ..Town::default() }).unwrap()
}

/// A number made of everything a town says.
fn digest(world: &World, threads: usize, block: u64) -> ([i64; 3], Truth, Tally) {
    let (mut truth, mut tally) = (TruthPart::default(), Tally::default());
    let mut digests = ["touches", "identities", "records"].map(Digest::new);
    let taken: Result<(), ()> = world.stream(threads, block, |batch| {
        for touch in &batch.touches {
            digests[0].add(&touch.content_digest().to_le_bytes());
        }
        for identity in &batch.identities {
            digests[1].add(&identity.id.0.to_le_bytes());
        }
        for record in &batch.records {
            digests[2].add(serde_json::to_string(record).unwrap().as_bytes());
        }
        truth.merge(&batch.truth);
        tally.merge(&batch.tally);
        Ok(())
    });
    taken.unwrap();
    (digests.map(|digest| digest.id63()), world.truth(&truth), tally)
}

#[test]
fn the_same_seed_is_the_same_town_whatever_the_blocks_and_threads() {
    let one = digest(&small(3), 1, 700);
    for (threads, block) in [(2, 64), (3, 101)] {
        assert!(one == digest(&small(3), threads, block), "{threads} threads, blocks of {block}");
    }
    assert_ne!(one.0, digest(&small(4), 1, 700).0);
}

#[test]
fn a_callback_that_refuses_ends_the_stream() {
    let mut taken = 0;
    let result = small(3).stream(2, 50, |_| {
        taken += 1;
        if taken == 3 { Err("full") } else { Ok(()) }
    });
    assert_eq!((result, taken), (Err("full"), 3));
}

#[test]
fn a_town_that_cannot_be_is_refused() {
    for town in
        [Town { contacts: 0, ..Town::default() }, Town { months: 0, ..Town::default() }, Town { months: 37, ..Town::default() }]
    {
        assert!(World::new(&town).is_err(), "{town:?}");
    }
    for months in [1, 36] {
        let world = World::new(&Town { contacts: 20, months, ..Town::default() }).unwrap();
        assert!(world.campaigns.len() <= 64 && world.placements.len() <= 128);
        assert!(!world.contacts(0..20).touches.is_empty());
    }
}

#[test]
fn the_totals_are_those_of_a_small_shop() {
    let Lived { truth, batch, .. } = &*TOWN;
    assert_eq!(truth.contacts, 20_000);
    assert_eq!(truth.touches, batch.touches.len() as i64);
    let each = truth.touches as f64 / 20_000.0;
    assert!((25.0..42.0).contains(&each), "{each} touches a contact");
    let buyers = truth.buyers as f64 / 20_000.0;
    assert!((0.1..0.3).contains(&buyers), "{buyers} of all buy");
    let mut counts: HashMap<_, u64> = HashMap::new();
    batch.touches.iter().for_each(|touch| *counts.entry(touch.identity).or_default() += 1);
    let most = counts.values().max().unwrap();
    assert!(*most > 200, "the tail is heavy: {most}");
    let kinds: BTreeSet<TouchKind> = batch.touches.iter().map(|touch| touch.kind).collect();
    assert!(kinds.len() >= 28, "{kinds:?}");
}

#[test]
fn every_touch_is_sound() {
    let Lived { world, batch, .. } = &*TOWN;
    let mut ids = BTreeSet::new();
    let known: BTreeSet<i64> = batch.identities.iter().map(|identity| identity.id.0).collect();
    let (first, last) = (world.tenant.calendar.start(world.first), world.tenant.calendar.start(world.town.until.plus(1)));
    for touch in &batch.touches {
        assert!(ids.insert(*touch.id.as_bytes()), "{touch:?} stands twice");
        assert_eq!(touch.value.is_some(), touch.currency.is_some());
        assert!(known.contains(&touch.identity.0), "nobody did {touch:?}");
        let at = touch.at.unwrap();
        assert!(at >= first && at < last, "{touch:?} lies outside of the town's days");
        assert!(touch.value.is_none_or(|value| value > 0));
        assert!(touch.placement.is_none() || touch.campaign.is_some());
        assert!(touch.attributes.is_empty() || serde_json::from_str::<serde_json::Value>(&touch.attributes).is_ok());
    }
    for link in &batch.links {
        assert!(known.contains(&link.one.0) && known.contains(&link.other.0));
    }
}

fn by_order(touches: &[Touch]) -> BTreeMap<&str, BTreeMap<TouchKind, Vec<&Touch>>> {
    let mut orders: BTreeMap<&str, BTreeMap<TouchKind, Vec<&Touch>>> = BTreeMap::new();
    for touch in touches.iter().filter(|touch| kith_core::OrderPart::of(touch.kind).is_some()) {
        orders.entry(touch.order.as_deref().unwrap()).or_default().entry(touch.kind).or_default().push(touch);
    }
    orders
}

#[test]
fn the_parts_of_an_order_follow_each_other_and_add_up() {
    let mut sum = 0;
    for (number, parts) in by_order(&TOWN.batch.touches) {
        let at = |kind| parts.get(&kind).map(|touches| touches[0].at.unwrap());
        let steps = [TouchKind::Order, TouchKind::Payment, TouchKind::Shipment, TouchKind::Delivery, TouchKind::Review].map(at);
        assert!(steps[0].is_some(), "{number} was never placed");
        assert!(steps.iter().flatten().is_sorted(), "{number}: {steps:?}");
        for (kind, touches) in &parts {
            assert!(*kind == TouchKind::OrderLine || touches.len() == 1, "{number} has two of {kind}");
        }
        let order = parts[&TouchKind::Order][0];
        let lines: i64 = parts[&TouchKind::OrderLine].iter().map(|line| line.value.unwrap()).sum();
        assert_eq!(order.value, Some(lines), "{number}");
        assert_eq!(order.id, kith_core::TouchId::of(&TOWN.world.tenant.id, "shop", &format!("order:{number}")));
        sum += if parts.contains_key(&TouchKind::Cancel) { 0 } else { lines };
    }
    assert_eq!(sum, TOWN.truth.revenue_minor);
}

#[test]
fn care_brings_what_the_truth_says() {
    let care = &TOWN.truth.care;
    let cared = care.reordered_cared as f64 / care.eligible_cared as f64;
    let left_out = care.reordered_left_out as f64 / care.eligible_left_out as f64;
    let (seen, truth) = (cared - left_out, care.effect_on_reorder_rate);
    assert!(truth > 0.03, "care does something: {truth}");
    assert!((seen - truth).abs() < 1.96 * care.sampling_error, "seen {seen}, true {truth} ± {}", care.sampling_error);
    let share = care.eligible_left_out as f64 / (care.eligible_cared + care.eligible_left_out) as f64;
    assert!((share - care.holdout_share).abs() < 0.03, "{share}");
}

#[test]
fn who_is_left_out_of_care_gets_none() {
    let Lived { world, .. } = &*TOWN;
    let left_out: BTreeSet<u64> = world.care_holdout(0..500).collect();
    let mut identities = BTreeMap::new();
    world.who_is_who(0..500, |contact, identity| {
        identities.entry(identity).or_insert(contact);
    });
    let cared: BTreeSet<u64> = world
        .contacts(0..500)
        .touches
        .iter()
        .filter(|touch| touch.kind == TouchKind::Care)
        .map(|touch| identities[&touch.identity])
        .collect();
    assert!(!cared.is_empty() && cared.is_disjoint(&left_out));
}

#[test]
fn a_random_holdout_shows_what_a_campaign_brings() {
    let Lived { world, truth, batch, .. } = &*TOWN;
    let number = world.campaigns.iter().position(|planned| planned.campaign.id.as_str() == "spring-tea-2026").unwrap();
    let campaign = &truth.campaigns[number];
    assert!(campaign.orders_caused > 100, "{campaign:?}");
    let left_out: BTreeSet<u64> =
        world.campaign_holdouts(0..20_000).filter(|(_, of)| *of == number).map(|(contact, _)| contact).collect();
    let (mut orders, from) = ([0.0_f64; 2], world.tenant.calendar.start(world.campaigns[number].campaign.from));
    for touch in batch.touches.iter().filter(|touch| touch.kind == TouchKind::Order && touch.at.unwrap() >= from) {
        let contact: u64 = touch.order.as_deref().unwrap()[2..10].parse().unwrap();
        orders[usize::from(left_out.contains(&contact))] += 1.0;
    }
    let (out, shown) = (left_out.len() as f64, 20_000.0 - left_out.len() as f64);
    let seen = (orders[0] / shown - orders[1] / out) * shown;
    // Orders of one person come in clusters: their variance is about four times that of a Poisson count.
    let error = 2.0 * (orders[0] + orders[1] * (shown / out).powi(2)).sqrt();
    assert!((seen - campaign.orders_caused as f64).abs() < 2.5 * error, "seen {seen} ± {error}, true {}", campaign.orders_caused);
}

#[test]
fn a_late_parcel_costs_stars() {
    let (mut late, mut in_time) = (Vec::new(), Vec::new());
    for parts in by_order(&TOWN.batch.touches).values() {
        if let (Some(delivery), Some(review)) = (parts.get(&TouchKind::Delivery), parts.get(&TouchKind::Review)) {
            let list = if delivery[0].at > delivery[0].promised_at { &mut late } else { &mut in_time };
            list.push(review[0].score.unwrap());
        }
    }
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    assert!(late.len() > 50 && mean(&late) + 0.5 < mean(&in_time), "{} {}", mean(&late), mean(&in_time));
    let truth = &TOWN.truth.lateness;
    assert!(truth.mean_stars_late < truth.mean_stars_had_they_come_in_time);
}

#[test]
fn a_tired_audience_responds_less() {
    for topic in &TOWN.truth.topics {
        assert!(topic.responses_expected < topic.responses_if_fresh, "{topic:?}");
        let error = topic.responses_expected.sqrt();
        assert!((topic.responses as f64 - topic.responses_expected).abs() < 3.5 * error, "{topic:?}");
    }
    let lost = |topic: Topic| {
        1.0 - TOWN.truth.topics[topic as usize].responses_expected / TOWN.truth.topics[topic as usize].responses_if_fresh
    };
    assert!(lost(Topic::Jokes) > 2.0 * lost(Topic::Brewing), "jokes wear out first");
}

#[test]
fn prize_hunters_buy_less_and_friends_bring_orders() {
    let truth = &TOWN.truth;
    let hunters = truth.prize_hunter_orders as f64 / truth.prize_hunters as f64;
    let others = (truth.orders - truth.prize_hunter_orders) as f64 / (truth.contacts - truth.prize_hunters) as f64;
    assert!(hunters < 0.5 * others, "{hunters} {others}");
    assert!(truth.word_of_mouth.orders_caused > 50, "{:?}", truth.word_of_mouth);
    assert_eq!(TOWN.world.prize_hunters(0..20_000).count() as i64, truth.prize_hunters);
    assert_eq!(TOWN.world.friendships(0..20_000).count() as i64, truth.word_of_mouth.friendships);
}

#[test]
fn last_touch_flatters_those_who_harvest() {
    let Lived { world, truth, batch } = &*TOWN;
    let harvesters: BTreeSet<&str> =
        world.placements.iter().filter(|planned| planned.aim.harvests()).map(|planned| planned.placement.id.as_str()).collect();
    let orders = batch.touches.iter().filter(|touch| touch.kind == TouchKind::Order);
    let credited = orders.filter(|touch| touch.placement.as_deref().is_some_and(|id| harvesters.contains(id))).count();
    assert!(credited > 100, "{credited}");
    let pushes = truth.campaigns.iter().flat_map(|campaign| &campaign.placements).filter(|placement| placement.harvests);
    assert!(pushes.map(|placement| placement.push).fold(0.0, f64::max) < 0.2);
}

#[test]
fn platforms_count_what_happened() {
    let Lived { world, batch, .. } = &*TOWN;
    let sum = |insights: &[Insight], metric: &str| {
        insights.iter().filter(|i| i.metric.as_str() == metric).map(|i| i.value).sum::<f64>()
    };
    let records = world.insights(&batch.tally).unwrap();
    let insights: Vec<Insight> =
        records.into_iter().filter_map(|r| if let Record::Insight(i) = r { Some(i) } else { None }).collect();
    for (metric, kind) in
        [(Metric::READS, TouchKind::Read), (Metric::LIKES, TouchKind::Like), (Metric::NEW_FOLLOWERS, TouchKind::Follow)]
    {
        assert_eq!(sum(&insights, metric), batch.touches.iter().filter(|touch| touch.kind == kind).count() as f64, "{metric}");
    }
}

#[test]
fn telephones_are_valid_and_some_families_share_one() {
    let Lived { batch, .. } = &*TOWN;
    let phones = batch.identities.iter().filter(|identity| identity.kind == IdentityKind::Phone);
    for phone in phones.take(300) {
        assert_eq!(Phone::parse(&phone.external, "CN").unwrap().as_str(), phone.external);
    }
    let shop = Channel::parse("shop").unwrap();
    let logins: BTreeSet<i64> = batch
        .identities
        .iter()
        .filter(|identity| identity.channel.as_ref() == Some(&shop))
        .map(|identity| identity.id.0)
        .collect();
    let mut owners: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for link in batch.links.iter().filter(|link| link.basis == LinkBasis::Phone && logins.contains(&link.one.0)) {
        owners.entry(link.other.0).or_default().insert(link.one.0);
    }
    assert!(owners.values().any(|logins| logins.len() == 2), "a doubtful merge for the resolver");
}

#[test]
fn people_shop_in_the_evening_and_sleep_at_night() {
    let mut hours = [0_u32; 24];
    for touch in TOWN.batch.touches.iter().filter(|touch| touch.kind == TouchKind::Order) {
        let local = TOWN.world.tenant.calendar.local(touch.at.unwrap());
        hours[chrono::Timelike::hour(&local) as usize] += 1;
    }
    assert!(hours[20..23].iter().sum::<u32>() > 10 * hours[3..6].iter().sum::<u32>().max(1), "{hours:?}");
}

#[test]
fn the_words_vary() {
    let texts: Vec<&str> = TOWN.batch.touches.iter().filter_map(|touch| touch.text.as_deref()).collect();
    let different: BTreeSet<&str> = texts.iter().copied().collect();
    assert!(different.len() > 8_000, "{} of {}", different.len(), texts.len());
    assert!(texts.iter().any(|text| text.is_ascii()) && texts.iter().any(|text| text.contains('茶')));
    assert!(TOWN.world.posts.iter().all(|planned| planned.post.text.chars().count() > 10));
}

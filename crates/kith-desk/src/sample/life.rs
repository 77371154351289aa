//! One contact's life, day by day, in this world or in one that differs by a campaign, by care, or by what friends told.

use kith_core::TouchKind;

use super::dice::Roll;
use super::persona::Persona;
use super::topics::{Topic, Wear};
use super::truth::TopicPart;
use super::words::Speech;
use super::world::{Place, World};

/// Interest that is left after a day: half is gone in five days.
pub(super) const INTEREST_KEEPS: f64 = 0.87;

/// Which world it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scenario {
    /// The campaign that does not take place.
    pub(super) without: Option<usize>,
    pub(super) care: CareRule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CareRule {
    /// Everybody but the holdout.
    AsAssigned,
    Never,
    Always,
}

impl Scenario {
    pub(super) const FACTUAL: Self = Self { without: None, care: CareRule::AsAssigned };
}

/// What brought somebody: a placement or a medium without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Via {
    Medium(usize),
    Placement(usize),
}

/// A small thing that a touch says besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    /// The referral code of this contact.
    Code(u64),
    Discount(u8),
    DaysLate(u8),
    Prize,
    /// Said by the shop in answer to the customer.
    Reply,
}

/// Something that happened, before it is written as a touch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happening {
    /// Seconds since 1970.
    pub(super) at: i64,
    pub(super) kind: TouchKind,
    pub(super) place: Place,
    pub(super) via: Option<Via>,
    /// Place in [`World::posts`].
    pub(super) post: Option<usize>,
    /// Place in [`Life::orders`], and which line of it.
    pub(super) order: Option<(usize, u8)>,
    /// Fen.
    pub(super) value: Option<i64>,
    /// Place in the list of items, and how many.
    pub(super) item: Option<(usize, u8)>,
    pub(super) score: Option<u8>,
    pub(super) promised: Option<i64>,
    pub(super) speech: Option<Speech>,
    pub(super) extra: Option<Extra>,
}

/// An order as the truth knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct OrderStory {
    pub(super) day: u16,
    pub(super) at: i64,
    /// Fen.
    pub(super) value: i64,
    pub(super) cancelled: bool,
    pub(super) late: bool,
    /// Stars that the customer thinks of, said or not; and those that they would think of had it come in time.
    pub(super) stars: u8,
    pub(super) stars_in_time: u8,
    /// The day the parcel came, perhaps after the town's end.
    pub(super) delivered: Option<u16>,
}

/// A complaint that a person must answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct CaseStory {
    pub(super) at: i64,
    pub(super) answered: Option<i64>,
    pub(super) place: Place,
    pub(super) order: usize,
    pub(super) speech: Speech,
    pub(super) about_money: bool,
}

/// What a friend told: one step, from a first-hand order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    pub(super) day: u16,
    pub(super) from: u64,
    pub(super) to: u64,
    /// Did the friend pass on a referral code?
    pub(super) coded: bool,
}

/// Everything that one life leaves behind.
#[derive(Debug, Clone, Default)]
pub(super) struct Life {
    /// In order of time, none after the town's end.
    pub(super) happenings: Vec<Happening>,
    pub(super) orders: Vec<OrderStory>,
    pub(super) cases: Vec<CaseStory>,
    /// Consent to care messages: when, and given or withdrawn.
    pub(super) consents: Vec<(i64, bool)>,
    /// Showings of placements, seen by the data or not: when, and which.
    pub(super) shown: Vec<(i64, usize)>,
    /// Campaigns that the contact was shown, a bit each.
    pub(super) exposed: u64,
    pub(super) topics: [TopicPart; Topic::COUNT],
    /// The day of the first delivery at which the contact followed the service account: from here on care may act.
    pub(super) care_from: Option<u16>,
    pub(super) words_heard: u32,
    /// What friends told, so that the same contact can be lived again in another world.
    pub(super) heard: Vec<Word>,
}

/// What comes by itself on a later day.
#[derive(Debug, Clone, Copy)]
pub(super) enum Later {
    Delivered(usize),
    Care(usize, u8),
    Ignored,
}

/// A life in progress.
pub(super) struct Living<'a> {
    pub(super) world: &'a World,
    pub(super) person: &'a Persona,
    pub(super) scenario: Scenario,
    pub(super) words: &'a [Word],
    pub(super) life: Life,
    pub(super) day: u16,
    /// The latest second of today at which something that moves people happened: they shop after it.
    pub(super) moved_at: i64,
    pub(super) follows: [bool; 3],
    pub(super) wear: Wear,
    pub(super) interest: f64,
    /// What last raised interest, when, and the friend whose code it was.
    pub(super) drawn_by: Option<(Via, u16, Option<u64>)>,
    pub(super) browsed: Option<u16>,
    pub(super) last_order: Option<u16>,
    pub(super) mood: f64,
    pub(super) cared: (u16, u16),
    pub(super) later: Vec<(u16, Later)>,
}

/// Lives one contact's days.
pub(super) fn live(world: &World, person: &Persona, scenario: Scenario, words: &[Word]) -> Life {
    let mut living = Living {
        world,
        person,
        scenario,
        words,
        life: Life { happenings: Vec::with_capacity(64), ..Life::default() },
        day: person.joined,
        moved_at: 0,
        follows: person.follows,
        wear: Wear::default(),
        interest: 0.0,
        drawn_by: None,
        browsed: None,
        last_order: None,
        mood: 1.0,
        cared: (0, 0),
        later: Vec::new(),
    };
    living.arrive();
    for day in person.joined..world.days {
        living.day = day;
        living.moved_at = 0;
        living.interest *= INTEREST_KEEPS;
        living.what_comes();
        if day > person.joined || person.old {
            living.read_posts();
        }
        living.meet_placements();
        living.hear_words();
        living.go_shopping();
    }
    living.life.finish(world.end());
    living.life
}

impl Life {
    /// Puts the happenings in order and forgets those that lie beyond the town's end.
    pub(super) fn finish(&mut self, end: i64) {
        self.happenings.retain(|happening| happening.at < end);
        self.cases.retain(|case| case.at < end);
        for case in &mut self.cases {
            case.answered = case.answered.filter(|at| *at < end);
        }
        self.consents.retain(|(at, _)| *at < end);
        self.shown.retain(|(at, _)| *at < end);
        self.happenings.sort_by_key(|happening| happening.at);
    }

    /// Orders that count, placed before the town's end, and their revenue in fen.
    pub(super) fn sales(&self, end: i64) -> (i64, i64) {
        let standing = self.orders.iter().filter(|order| !order.cancelled && order.at < end);
        standing.fold((0, 0), |(count, sum), order| (count + 1, sum + order.value))
    }

    /// Did they order again within 90 days after this day?
    pub(super) fn ordered_again(&self, delivered: u16) -> bool {
        self.orders.iter().any(|order| !order.cancelled && order.day > delivered && order.day <= delivered + REORDER_DAYS)
    }
}

/// The days after a delivery in which a further order is called a reorder.
pub(super) const REORDER_DAYS: u16 = 90;

impl Living<'_> {
    /// Something happens today at a second of the day.
    pub(super) fn at(&self, second: i64) -> i64 {
        self.world.epoch + i64::from(self.day) * 86_400 + second
    }

    pub(super) fn push(&mut self, at: i64, kind: TouchKind, place: Place) -> &mut Happening {
        self.life.happenings.push(Happening {
            at,
            kind,
            place,
            via: None,
            post: None,
            order: None,
            value: None,
            item: None,
            score: None,
            promised: None,
            speech: None,
            extra: None,
        });
        let last = self.life.happenings.len() - 1;
        &mut self.life.happenings[last]
    }

    /// Interest rises, and it is remembered by what.
    pub(super) fn drawn(&mut self, by: Via, strength: f64, friend: Option<u64>, at: i64) {
        self.interest = (self.interest + strength).min(12.0);
        self.drawn_by = Some((by, self.day, friend));
        self.moved_at = self.moved_at.max(at);
    }

    /// The first day: newcomers follow what they follow, some of them through a campaign's link.
    fn arrive(&mut self) {
        let (person, world) = (self.person, self.world);
        if person.old {
            if person.follows[2] {
                self.life.consents.push((world.epoch, true));
            }
            return;
        }
        let second = person.second(person.dice.bits(Roll::ReadHour, u64::MAX)).min(86_000);
        let ad = world.placements_of_day[usize::from(self.day)].iter().copied().find(|number| {
            let placement = &world.placements[*number];
            placement.aim == super::Aim::Weibo && person.can_be_reached(*number) && !self.is_away(placement.campaign)
        });
        for (n, place) in [Place::Weibo, Place::Subscription, Place::Service].into_iter().enumerate() {
            if !person.follows[n] {
                continue;
            }
            let at = self.at(second + 40 * n as i64);
            if place == Place::Service {
                self.push(at - 5, TouchKind::Scan, place).via = Some(Via::Medium(Place::Shop.medium()));
                self.life.consents.push((at, true));
            }
            let follow = self.push(at, TouchKind::Follow, place);
            follow.via = match (place, ad) {
                (Place::Weibo, Some(number)) => Some(Via::Placement(number)),
                _ => None,
            };
        }
    }

    fn hear_words(&mut self) {
        let (words, today) = (self.words, self.day);
        for word in words.iter().filter(|word| word.day == today) {
            self.life.words_heard += 1;
            let at = self.at(self.person.second(self.person.dice.bits(Roll::Told, word.from ^ u64::from(word.day))).min(80_000));
            self.drawn(Via::Medium(super::world::REFERRAL), super::after::WORD_PUSH, word.coded.then_some(word.from), at);
        }
    }
}

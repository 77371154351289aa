//! Under which names each channel knows a contact, and the rows that show that two names are one person.
//!
//! A login exists only where the contact did something. Evidence is honest but incomplete: a family shares one telephone (two
//! shop logins, one number: a doubtful merge), some share a computer, and who never gave a number or followed a personal link cannot be linked at all.

use chrono::{Datelike, NaiveDate};
use kith_core::{
    Case, Channel, Consent, ConsentState, ContactProfile, Day, Identity, IdentityId, IdentityKind, ImportId, Instant, Link,
    LinkBasis, Record, Seriousness, TouchKind,
};

use super::batch::Batch;
use super::dice::{Roll, mix};
use super::life::Life;
use super::persona::Persona;
use super::touches::{order_number, referral_code};
use super::words::{self, CITIES};
use super::world::{Place, World};

/// What a contact may have shown of themselves besides a login; each is decided once by the contact's dice.
#[derive(Clone, Copy)]
enum Gave {
    ShopPhone = 1,
    ShopEmail,
    CardPhone,
    LeadPhone,
    PersonalLink,
    OneOpenPlatform,
    SharedComputer,
}

/// The identity of a contact at each place, where there is one.
pub(super) struct Logins {
    at: [Option<Identity>; 5],
}

impl Logins {
    pub(super) fn of(world: &World, person: &Persona, life: &Life) -> Self {
        let mut used = [false; 5];
        life.happenings.iter().for_each(|happening| used[happening.place as usize] = true);
        let at = Place::ALL.map(|place| used[place as usize].then(|| identity(world, person, place)));
        Self { at }
    }

    /// The identity of a place where the contact did something.
    pub(super) fn id(&self, place: Place) -> IdentityId {
        self.at[place as usize].as_ref().map_or(IdentityId(0), |identity| identity.id)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = IdentityId> + '_ {
        self.at.iter().flatten().map(|identity| identity.id)
    }

    /// Adds identities, links, profiles, cases and consents to a batch.
    pub(super) fn write(&self, world: &World, person: &Persona, life: &Life, batch: &mut Batch) {
        batch.identities.extend(self.at.iter().flatten().cloned());
        self.write_links(world, person, life, batch);
        for place in [Place::Weibo, Place::Shop] {
            if let Some(identity) = &self.at[place as usize] {
                let profile = profile(person, place);
                batch.records.push(Record::Profile { identity: identity.id, profile });
            }
        }
        for (n, case) in life.cases.iter().enumerate() {
            let (Ok(opened_at), answered_at) =
                (Instant::from_seconds(case.at), case.answered.and_then(|at| Instant::from_seconds(at).ok()))
            else {
                continue;
            };
            batch.records.push(Record::Case(Case {
                number: format!("C{}-{}", person.number, n + 1),
                identity: Some(self.id(case.place)),
                channel: world.channels[case.place as usize].clone(),
                opened_at,
                answered_at,
                resolved_at: answered_at.map(|at| at.plus_seconds(7_200)).filter(|at| at.micros() / 1_000_000 < world.end()),
                order: Some(order_number(person.number, case.order)),
                subject: "投诉".to_owned(),
                text: case.speech.say(person.language),
                seriousness: if case.about_money { Seriousness::Money } else { Seriousness::Ordinary },
            }));
        }
        let service = &self.at[Place::Service as usize];
        for ((at, given), identity) in life.consents.iter().filter_map(|consent| Some((consent, service.as_ref()?))) {
            let Ok(at) = Instant::from_seconds(*at) else { continue };
            batch.records.push(Record::Consent(Consent {
                identity: identity.id,
                channel: Channel::parse(Channel::WECHAT_SERVICE).ok(),
                purpose: "care".to_owned(),
                state: if *given { ConsentState::Given } else { ConsentState::Withdrawn },
                at,
                evidence: if *given { "关注服务号时同意接收服务消息" } else { "取消关注" }.to_owned(),
            }));
        }
    }

    fn write_links(&self, world: &World, person: &Persona, life: &Life, batch: &mut Batch) {
        let [weibo, subscription, service, shop, web] = &self.at;
        let mut link = |one: &Option<Identity>, kind: IdentityKind, external: String, basis| {
            let Some(one) = one else { return };
            let other = Identity::new(&world.tenant.id, kind, None, &external);
            batch.links.push(Link { one: one.id, other: other.id, basis, import: ImportId::BY_CALL });
            batch.identities.push(other);
        };
        let union = format!("oU{:012x}{}", mix(world.town.seed ^ 0x77) >> 16, base36(person.number));
        link(service, IdentityKind::UnionId, union.clone(), LinkBasis::UnionId);
        if gave(person, Gave::OneOpenPlatform, 0.85) {
            link(subscription, IdentityKind::UnionId, union, LinkBasis::UnionId);
        }
        let phone = phone(world, person.number);
        if gave(person, Gave::ShopPhone, 0.85) {
            link(shop, IdentityKind::Phone, phone.clone(), LinkBasis::Phone);
        }
        if shop.is_some() && gave(person, Gave::CardPhone, 0.55) {
            link(service, IdentityKind::Phone, phone.clone(), LinkBasis::Phone);
        }
        if gave(person, Gave::LeadPhone, 0.12) {
            link(weibo, IdentityKind::Phone, phone, LinkBasis::Phone);
        }
        if gave(person, Gave::ShopEmail, 0.3) {
            link(shop, IdentityKind::Email, email(person.number), LinkBasis::Email);
        }
        if web.is_some() && gave(person, Gave::PersonalLink, 0.3) {
            let tracked = format!("t{}", base36(person.number));
            link(weibo, IdentityKind::TrackedLink, tracked.clone(), LinkBasis::TrackedLink);
            link(if shop.is_some() { shop } else { web }, IdentityKind::TrackedLink, tracked, LinkBasis::TrackedLink);
        }
        if life.happenings.iter().any(|happening| happening.kind == TouchKind::Referral) {
            link(shop, IdentityKind::ReferralCode, referral_code(person.number), LinkBasis::ReferralCode);
        }
        if let (Some(one), Some(other)) = (web, shop) {
            batch.links.push(Link { one: one.id, other: other.id, basis: LinkBasis::Device, import: ImportId::BY_CALL });
        }
    }
}

impl World {
    /// The truth about who is who: contact and each identity under which a channel knows them.
    pub fn who_is_who(&self, range: std::ops::Range<u64>, mut each: impl FnMut(u64, IdentityId)) {
        self.each_life(range, |person, life, _| {
            Logins::of(self, person, life).ids().for_each(|id| each(person.number, id));
        });
    }
}

/// The name by which a place knows a contact.
pub(super) fn external(world: &World, person: &Persona, place: Place) -> String {
    let number = person.number;
    match place {
        Place::Weibo => (1_000_000_007 + number * 37).to_string(),
        Place::Subscription => format!("oSub{:010x}{}", mix(world.town.seed ^ number) >> 24, base36(number)),
        Place::Service => format!("oSvc{:010x}{}", mix(world.town.seed ^ number ^ 1 << 60) >> 24, base36(number)),
        Place::Shop => format!("tea_{}", base36(number + 46_656)),
        Place::Web => {
            let shared = world.town.family(number).filter(|_| gave(person, Gave::SharedComputer, 0.3));
            format!("dev-{:x}", mix(world.town.seed.rotate_left(9) ^ shared.map_or(number, |other| other.min(number))))
        }
    }
}

fn identity(world: &World, person: &Persona, place: Place) -> Identity {
    let kind = if place == Place::Web { IdentityKind::Device } else { IdentityKind::Login };
    let name = match place {
        Place::Weibo | Place::Subscription | Place::Service => Some(words::handle(person.language, person.number, person.woman)),
        Place::Shop => Some(words::name(person.language, person.number, person.woman)),
        Place::Web => None,
    };
    Identity::new(&world.tenant.id, kind, Some(world.channels[place as usize].clone()), &external(world, person, place))
        .named(name)
}

fn gave(person: &Persona, what: Gave, share: f64) -> bool {
    person.dice.happens(Roll::Account, 1 << 40 | what as u64, share)
}

/// An invented mobile number in E.164; a family shares that of its smaller contact. China reserves no range for fiction, so the number has a valid form
/// (the prefix 172) and may be somebody's: nothing may ever be sent to the sample tenant's telephones.
pub(super) fn phone(world: &World, contact: u64) -> String {
    let owner = world.town.family(contact).map_or(contact, |other| other.min(contact));
    // Multiplying by a number prime to 10^8 shuffles the numbers and keeps them apart.
    format!("+86172{:08}", owner * 61_803_399 % 100_000_000)
}

/// An invented address in a domain that is reserved for examples (RFC 2606).
pub(super) fn email(contact: u64) -> String {
    let name = words::mailbox(contact);
    let domain = if contact.is_multiple_of(3) { "example.org" } else { "example.com" };
    format!("{name}{contact}@{domain}")
}

fn profile(person: &Persona, place: Place) -> ContactProfile {
    let (city, province) = CITIES[person.city];
    let birthday = NaiveDate::from_ymd_opt(1965, 1, 1).map(|day| Day(day).plus((mix(person.number ^ 0xb1) % 14_000) as i64));
    ContactProfile {
        name: (place == Place::Shop).then(|| words::name(person.language, person.number, person.woman)),
        gender: Some(if person.woman { "f" } else { "m" }.to_owned()),
        city: Some(city.to_owned()),
        province: Some(province.to_owned()),
        country: Some("CN".to_owned()),
        birthday: birthday.filter(|day| place == Place::Shop && day.0.day() % 3 != 0),
        tags: Vec::new(),
        other: Vec::new(),
    }
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

//! Each question on a small lake whose answer was worked out by hand.

use kith_core::{
    Campaign, Channel, Cost, CostKind, Currency, Day, IdentityId, Insight, Instant, LifecycleRules, LifecycleStage, Medium,
    Metric, Slug, Touch, TouchId, TouchKind, Window,
};

use super::*;
use crate::testing::{at, lake, tea};
use crate::{Session, Snapshot};

mod flows;
mod olist;
mod orders;

/// A lake told in sentences. Times are of November 2026 in Shanghai unless they say their date.
pub(super) struct Story {
    touches: Vec<Touch>,
    snapshot: Snapshot,
    lake: crate::testing::TestLake,
}

pub(super) fn story() -> Story {
    let lake = lake();
    let snapshot = lake.snapshot(vec![]);
    Story { touches: vec![], snapshot, lake }
}

/// `12 09:30` or `2026-10-12 09:30`, in Shanghai.
pub(super) fn time(text: &str) -> Instant {
    let (date, clock) = text.split_once(' ').unwrap();
    let date = if date.len() > 2 { date.to_owned() } else { format!("2026-11-{date:0>2}") };
    at(&format!("{date}T{clock}:00+08:00"))
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub(super) fn november() -> Window {
    let shanghai = kith_core::Calendar::parse("Asia/Shanghai").unwrap();
    Window::of_days(day("2026-11-01"), day("2026-11-30"), shanghai).unwrap()
}

impl Story {
    /// A touch and what else to say of it.
    pub(super) fn told(mut self, who: i64, kind: TouchKind, when: &str, more: impl FnOnce(&mut Touch)) -> Self {
        let id = TouchId::of(&tea(), "story", &format!("{}", self.touches.len()));
        let when = (!when.is_empty()).then(|| time(when));
        let mut touch = Touch::new(id, IdentityId(who), when, kind, Channel::parse("shop").unwrap());
        more(&mut touch);
        self.touches.push(touch);
        self
    }

    pub(super) fn by(self, who: i64, kind: TouchKind, when: &str, medium: &str) -> Self {
        self.told(who, kind, when, |touch| touch.medium = Medium::parse(medium).ok())
    }

    pub(super) fn order(self, who: i64, number: &str, when: &str, minor: i64) -> Self {
        self.told(who, TouchKind::Order, when, |touch| {
            touch.order = Some(number.into());
            touch.value = Some(minor);
            touch.currency = Some(Currency::CNY);
        })
    }

    pub(super) fn refund(self, number: &str, minor: i64) -> Self {
        self.told(0, TouchKind::Refund, "", |touch| {
            touch.order = Some(number.into());
            touch.value = Some(minor);
            touch.currency = Some(Currency::CNY);
        })
    }

    pub(super) fn with(mut self, more: impl FnOnce(&mut Snapshot)) -> Self {
        more(&mut self.snapshot);
        self
    }

    /// Half of it in a file, the rest not yet: questions must not tell them apart.
    pub(super) fn open(mut self) -> Session {
        let hot = self.touches.split_off(self.touches.len() / 2);
        if !self.touches.is_empty() {
            self.snapshot.files = self.lake.write(&self.touches);
        }
        self.snapshot.hot = hot;
        let session = self.lake.lake.session(self.snapshot).unwrap();
        // The folder must outlive the session.
        std::mem::forget(self.lake.folder);
        session
    }
}

fn sales(part: Option<&str>, currency: &str, orders: u64, buyers: u64, new_buyers: u64, minor: i64, refunded: i64) -> SalesRow {
    let currency = Currency::parse(currency).ok();
    SalesRow { period: None, part: part.map(str::to_owned), currency, orders, buyers, new_buyers, minor, refunded, new_minor: 0 }
}

const fn followed(window: Window) -> EfficiencyQuery {
    EfficiencyQuery { window, short_days: 7, long_days: 180 }
}

fn forget_new(rows: Vec<SalesRow>) -> Vec<SalesRow> {
    rows.into_iter().map(|row| SalesRow { new_minor: 0, ..row }).collect()
}

#[tokio::test]
async fn an_order_without_a_medium_has_that_of_the_last_touch_in_the_thirty_days_before() {
    let session = story()
        .by(1, TouchKind::Read, "3 10:00", "weibo")
        .by(1, TouchKind::Visit, "4 10:00", "paid-search")
        .by(1, TouchKind::Impression, "5 10:00", "tv")
        .order(1, "A", "5 11:00", 1_000)
        .by(1, TouchKind::Visit, "6 10:00", "email")
        .by(2, TouchKind::Visit, "2026-10-01 10:00", "weibo")
        .order(2, "B", "6 11:00", 500)
        .told(3, TouchKind::Order, "7 11:00", |touch| {
            touch.order = Some("C".into());
            touch.medium = Medium::parse("referral").ok();
            touch.value = Some(70);
            touch.currency = Currency::parse("USD").ok();
        })
        .open();
    let rows = forget_new(session.sales(&Cut::by(november(), Group::Medium)).await.unwrap());
    let want = [
        sales(Some("paid-search"), "CNY", 1, 1, 1, 1_000, 0),
        sales(Some("direct"), "CNY", 1, 1, 1, 500, 0),
        sales(Some("referral"), "USD", 1, 1, 1, 70, 0),
    ];
    assert_eq!(rows, want);
}

#[tokio::test]
async fn refunds_are_taken_off_cancelled_orders_do_not_count_and_currencies_stand_apart() {
    let session = story()
        .order(1, "A", "2026-10-02 11:00", 1_000)
        .order(1, "B", "2 11:00", 2_000)
        .refund("B", 500)
        .order(2, "C", "3 11:00", 9_000)
        .told(0, TouchKind::Cancel, "", |touch| touch.order = Some("C".into()))
        .order(2, "D", "4 11:00", 100)
        .told(2, TouchKind::Order, "4 12:00", |touch| {
            touch.order = Some("E".into());
            touch.value = Some(30);
            touch.currency = Currency::parse("EUR").ok();
        })
        .told(5, TouchKind::Order, "5 12:00", |touch| touch.order = Some("F".into()))
        .open();
    let rows = session.sales(&Cut::whole(november())).await.unwrap();
    let seen: Vec<_> =
        rows.iter().map(|row| (row.currency.map(|c| c.to_string()), row.orders, row.buyers, row.new_buyers, row.net())).collect();
    let want = [(Some("CNY".into()), 2, 2, 1, 1_600), (Some("EUR".into()), 1, 1, 0, 30), (None, 1, 1, 1, 0)];
    assert_eq!(seen, want);
    assert_eq!(rows[0].new_minor, 100);
}

#[tokio::test]
async fn an_empty_lake_answers_every_question_with_no_rows() {
    let session = story().open();
    let cut = Cut { period: Period::Day, ..Cut::by(november(), Group::Medium) };
    assert_eq!(session.traffic(&cut).await.unwrap(), []);
    assert_eq!(session.leads(&cut).await.unwrap(), []);
    assert_eq!(session.sales(&cut).await.unwrap(), []);
    assert_eq!(session.spend(&SpendQuery::of(&session, &cut)).await.unwrap(), []);
    assert_eq!(session.efficiency(&followed(november())).await.unwrap(), []);
    let (rules, now) = (LifecycleRules::default(), session.as_of());
    assert_eq!(session.stages(now, &rules).await.unwrap(), []);
    assert_eq!(session.stage_flows(time("1 00:00"), now, &rules).await.unwrap(), []);
    assert_eq!(session.cohorts(november()).await.unwrap(), []);
    assert_eq!(session.posts(november(), None).await.unwrap(), []);
    assert_eq!(session.order_to_review(november()).await.unwrap(), []);
    let paths = PathQuery { window: november(), steps: Group::Medium, look_back_days: 30 };
    assert_eq!(session.paths(&paths).await.unwrap(), []);
    let page = ContactPage { at: now, rules, stage: None, limit: 10, offset: 0 };
    assert_eq!(session.contact_list(&page).await.unwrap(), []);
    assert_eq!(session.campaigns().await.unwrap(), []);
    assert_eq!(session.campaign_span("x").await.unwrap(), None);
}

#[tokio::test]
async fn traffic_counts_touches_and_people_by_the_tenants_day() {
    let session = story()
        .by(1, TouchKind::Visit, "1 23:59", "weibo")
        .by(1, TouchKind::Visit, "2 00:00", "weibo")
        .by(1, TouchKind::Click, "2 00:01", "weibo")
        .by(2, TouchKind::Read, "2 09:00", "weibo")
        .told(3, TouchKind::Scan, "2 10:00", |_| ())
        .by(3, TouchKind::Like, "2 10:00", "weibo")
        .by(4, TouchKind::Visit, "2026-12-01 00:00", "weibo")
        .open();
    let cut = Cut { period: Period::Day, ..Cut::by(november(), Group::Medium) };
    let rows: Vec<_> = session.traffic(&cut).await.unwrap().into_iter().collect();
    let row = |date: &str, part: &str, reads, visits, clicks, scans, people, visitors| TrafficRow {
        period: Some(day(date)),
        part: Some(part.to_owned()),
        reads,
        visits,
        clicks,
        scans,
        people,
        visitors,
    };
    let want = [
        row("2026-11-01", "weibo", 0, 1, 0, 0, 1, 1),
        row("2026-11-02", "weibo", 1, 1, 1, 0, 2, 1),
        row("2026-11-02", "direct", 0, 0, 0, 1, 1, 1),
    ];
    assert_eq!(rows, want);
}

#[tokio::test]
async fn the_day_the_clocks_go_back_is_one_day() {
    let berlin = kith_core::Calendar::parse("Europe/Berlin").unwrap();
    let visit = |story: Story, n: i64, when: &str| story.told(n, TouchKind::Visit, "1 00:00", |touch| touch.at = Some(at(when)));
    let story = visit(story(), 1, "2026-10-24T22:00:00Z");
    let story = visit(story, 2, "2026-10-25T22:59:59Z");
    let story = visit(story, 3, "2026-10-25T23:00:00Z");
    let session = story.with(|snapshot| snapshot.calendar = berlin).open();
    let cut = Cut { period: Period::Day, ..Cut::whole(Window::all()) };
    let rows = session.traffic(&cut).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.period, row.visits)).collect::<Vec<_>>(),
        [(Some(day("2026-10-25")), 2), (Some(day("2026-10-26")), 1)]
    );
}

#[tokio::test]
async fn leads_are_traced_and_the_first_one_is_new() {
    let session = story()
        .by(1, TouchKind::Click, "2 10:00", "email")
        .told(1, TouchKind::Lead, "3 10:00", |_| ())
        .told(1, TouchKind::Signup, "4 10:00", |_| ())
        .told(2, TouchKind::Lead, "2026-10-03 10:00", |_| ())
        .told(2, TouchKind::Lead, "3 10:00", |_| ())
        .open();
    let rows = session.leads(&Cut::by(november(), Group::Medium)).await.unwrap();
    let row =
        |part: &str, leads, people, new_people| LeadRow { period: None, part: Some(part.into()), leads, people, new_people };
    assert_eq!(rows, [row("email", 2, 1, 1), row("direct", 1, 1, 0)]);
}

#[tokio::test]
async fn a_medium_is_judged_only_by_people_whose_time_is_over() {
    let session = story()
        .with(|snapshot| snapshot.as_of = time("2026-12-01 00:00"))
        .by(1, TouchKind::Read, "2 10:00", "weibo")
        .by(1, TouchKind::Visit, "3 10:00", "weibo")
        .by(1, TouchKind::Visit, "20 10:00", "weibo")
        .told(1, TouchKind::Lead, "4 10:00", |_| ())
        .order(1, "A", "5 10:00", 100)
        .order(1, "B", "25 10:00", 100)
        .by(2, TouchKind::Read, "2 10:00", "weibo")
        .by(3, TouchKind::Read, "29 10:00", "weibo")
        .by(4, TouchKind::Read, "2026-03-02 10:00", "blog")
        .order(4, "C", "2026-08-01 10:00", 100)
        .open();
    let shanghai = session.calendar();
    let window = Window::of_days(day("2026-03-01"), day("2026-11-30"), shanghai).unwrap();
    let rows = session.efficiency(&followed(window)).await.unwrap();
    let row = |medium: &str, run, numbers: [u64; 8]| {
        let [people, reads, visits, orders, readers, visitors, leads, buyers] = numbers;
        EfficiencyRow { medium: medium.into(), run, people, reads, visits, orders, readers, visitors, leads, buyers }
    };
    let want = [
        row("blog", Run::Short, [1, 1, 0, 0, 1, 0, 0, 0]),
        row("blog", Run::Long, [1, 1, 0, 1, 1, 0, 0, 1]),
        row("weibo", Run::Short, [2, 2, 1, 1, 2, 1, 1, 1]),
    ];
    assert_eq!(rows, want);
}

#[tokio::test]
async fn posts_have_the_latest_count_of_their_platform_or_our_own_where_it_says_more() {
    let insight = |post: &str, metric: &str, when: &str, daily: bool, value: f64| Insight {
        channel: Channel::parse("weibo").unwrap(),
        account: None,
        post: Some(post.to_owned()),
        medium: None,
        campaign: None,
        metric: Metric::parse(metric).unwrap(),
        at: time(when),
        daily,
        value,
    };
    let on_weibo = |touch: &mut Touch| {
        touch.channel = Channel::parse("weibo").unwrap();
        touch.post = Some("p".into());
    };
    let session = story()
        .told(1, TouchKind::Like, "2 10:00", on_weibo)
        .told(2, TouchKind::Comment, "2 10:00", on_weibo)
        .with(|snapshot| {
            snapshot.insights = vec![
                insight("p", "reads", "3 10:00", false, 100.0),
                insight("p", "reads", "2 10:00", false, 900.0),
                insight("p", "likes", "3 10:00", false, 9.0),
                insight("q", "reads", "2 00:00", true, 10.0),
                insight("q", "reads", "3 00:00", true, 5.0),
            ];
        })
        .open();
    let rows = session.posts(november(), None).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.post.as_str(), row.reads, row.likes, row.comments)).collect();
    assert_eq!(seen, [("p", Some(100.0), 9.0, 1.0), ("q", Some(15.0), 0.0, 0.0)]);
}

#[tokio::test]
async fn costs_that_touch_the_window_are_found_and_a_placements_price_counts_once() {
    let cost = |from: &str, until: &str, medium: &str, placement: Option<&str>| Cost {
        from: day(from),
        until: day(until),
        kind: CostKind::Media,
        medium: Medium::parse(medium).unwrap(),
        campaign: None,
        placement: placement.map(str::to_owned),
        account: None,
        amount: kith_core::Money::new(1_000, Currency::CNY),
        hours: None,
    };
    let placement = |id: &str| kith_core::Placement {
        id: Slug::parse(id).unwrap(),
        campaign: Slug::parse("spring").unwrap(),
        medium: Medium::parse("portal-ad").unwrap(),
        content: String::new(),
        form: String::new(),
        place: String::new(),
        from: day("2026-11-01"),
        until: day("2026-11-02"),
        cost: Some(kith_core::Money::new(700, Currency::CNY)),
        link: id.to_owned(),
    };
    let session = story()
        .with(|snapshot| {
            snapshot.costs = vec![
                cost("2026-10-22", "2026-11-01", "weibo", None),
                cost("2026-11-05", "2026-11-05", "portal-ad", Some("one")),
                cost("2026-12-01", "2026-12-05", "weibo", None),
            ];
            snapshot.placements = vec![placement("one"), placement("two")];
        })
        .open();
    let rows = session.spend(&SpendQuery::of(&session, &Cut::by(november(), Group::Medium))).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.part.as_deref(), row.first, row.minor)).collect();
    let want = [
        (Some("portal-ad"), day("2026-11-01"), 700),
        (Some("portal-ad"), day("2026-11-05"), 1_000),
        (Some("weibo"), day("2026-10-22"), 1_000),
    ];
    assert_eq!(seen, want);
}

#[tokio::test]
async fn a_campaign_is_known_by_its_plan_or_by_its_touches() {
    let session = story()
        .told(1, TouchKind::Visit, "2 10:00", |touch| touch.campaign = Some("flash".into()))
        .with(|snapshot| {
            let campaign = Campaign {
                id: Slug::parse("spring").unwrap(),
                name: "春茶".into(),
                from: day("2026-11-01"),
                until: day("2026-11-10"),
                success: None,
                stages: vec![],
            };
            snapshot.campaigns = vec![campaign];
        })
        .open();
    assert_eq!(session.campaign_names().await.unwrap(), ["flash", "spring"]);
    assert_eq!(session.campaigns().await.unwrap()[0].name, "春茶");
    assert_eq!(session.campaign_span("flash").await.unwrap(), Some((time("2 10:00"), time("2 10:00"))));
}

//! The people behind the figures: stages of the lifecycle, flows between them, cohorts, lists.

use std::collections::BTreeMap;

use kith_core::{Claim, Day, LifecycleStage};
use kith_lake::ContactPage;

use super::answer::{Answer, Cell};
use super::asking::{AskError, Asking};

/// The rules of the stages, as numbers a person can look up in `kith.toml`.
fn rules_note(asking: &Asking<'_>) -> String {
    let r = asking.lifecycle;
    asking.make.say(
        &format!(
            "rules (kith.toml): considering from {} and preferring from {} visits, clicks, scans, questions or messages in {} days; repeat from {} orders; advocate from {} referrals, praises or reviews of {} stars; customers lapse after {} days without an order, others after {} days without a touch",
            r.considering_touches, r.preferring_touches, r.considering_days, r.repeat_orders, r.advocate_acts, r.advocate_score, r.lapsed_customer_days, r.lapsed_days
        ),
        &format!(
            "规则（kith.toml）：{} 天内访问、点击、扫码、咨询或私信满 {} 次为考虑、满 {} 次为偏好；满 {} 单为复购；推荐、好评满 {} 次（{} 星）为拥护；客户 {} 天无订单、其他人 {} 天无触点为流失",
            r.considering_days, r.considering_touches, r.preferring_touches, r.repeat_orders, r.advocate_acts, r.advocate_score, r.lapsed_customer_days, r.lapsed_days
        ),
    )
}

pub(super) async fn lifecycle(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let make = asking.make;
    let stages = asking.session.stages(asking.cut.window.until(), &asking.lifecycle).await?;
    let all: u64 = stages.iter().map(|stage| stage.contacts).sum();
    let figures = [
        make.column(
            "contacts",
            ("contacts", "联系人"),
            ("contacts in the stage by the stated rules", "按规则处于该阶段的联系人"),
            Claim::Measured,
        ),
        make.column(
            "share",
            ("share", "占比"),
            ("of all contacts, Wilson's interval", "占全部联系人，Wilson 区间"),
            Claim::Measured,
        ),
    ];
    let rows = LifecycleStage::ALL.into_iter().map(|stage| {
        let contacts = stages.iter().find(|count| count.stage == stage).map_or(0, |count| count.contacts);
        vec![stage.as_str().into(), make.people(&figures[0], contacts), make.share(&figures[1], contacts, all)]
    });
    let rows = rows.collect();
    let columns = [make.name("stage", "stage", "阶段")].into_iter().chain(figures).collect();
    let mut answer = make.answer("lifecycle", ("Stages of the lifecycle", "生命周期阶段"), columns, rows);
    answer.notes.push(rules_note(asking));
    Ok(answer)
}

/// So many weeks of flows are answered where no first day is given.
const FLOW_WEEKS: i64 = 8;

pub(super) async fn flows(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let (make, calendar) = (asking.make, asking.session.calendar());
    let until = asking.cut.window.until();
    let last = calendar.day(until).week().0;
    let first = asking.query.from.map_or(Day(last).plus(-7 * FLOW_WEEKS), |day| Day(day.week().0));
    let moved = make.column(
        "contacts",
        ("contacts", "联系人"),
        ("contacts in the one stage at the week's start and in the other at its end", "周初与周末所处阶段"),
        Claim::Measured,
    );
    let (mut rows, mut week) = (Vec::new(), first);
    while week < Day(last) {
        let next = week.plus(7);
        let flows = asking.session.stage_flows(calendar.start(week), calendar.start(next).min(until), &asking.lifecycle).await?;
        for flow in flows.into_iter().filter(|flow| flow.before != flow.after) {
            let name = |stage: Option<LifecycleStage>| Cell::from(stage.map_or("unknown", LifecycleStage::as_str));
            rows.push(vec![Cell::Day(week), name(flow.before), name(flow.after), make.people(&moved, flow.contacts)]);
        }
        week = next;
    }
    let columns = vec![
        make.name("week", "week from", "周（起）"),
        make.name("before", "from", "从"),
        make.name("after", "to", "到"),
        moved,
    ];
    let mut answer = make.answer("lifecycle-flows", ("Flows between stages", "阶段流动"), columns, rows);
    answer.notes.push(rules_note(asking));
    Ok(answer)
}

pub(super) async fn cohorts(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let make = asking.make;
    let rows = asking.session.cohorts(asking.cut.window).await?;
    let mut cohorts: BTreeMap<Day, BTreeMap<Day, u64>> = BTreeMap::new();
    for row in rows {
        cohorts.entry(row.cohort).or_default().insert(row.month, row.people);
    }
    let figures = [
        make.column(
            "size",
            ("customers", "客户"),
            ("customers whose first order fell into the month", "首单落在该月的客户"),
            Claim::Measured,
        ),
        make.column(
            "retained",
            ("ordered again", "再次下单"),
            ("of them, ordered in that later month; Wilson's interval", "其中在该月再次下单的人；Wilson 区间"),
            Claim::Measured,
        ),
    ];
    let this_month = asking.session.calendar().day(asking.make.as_of);
    let mut out = Vec::new();
    for (cohort, months) in &cohorts {
        let size = months.get(cohort).copied().unwrap_or(0);
        for since in 1..=months_between(*cohort, this_month) {
            let month = months_later(*cohort, since);
            let people = months.get(&month).copied().unwrap_or(0);
            let open = months_between(month, this_month) == 0;
            let state = if open { make.say("month not over", "当月未结束") } else { String::new() };
            out.push(vec![
                Cell::Day(*cohort),
                make.people(&figures[0], size),
                Cell::Text(since.to_string()),
                make.share(&figures[1], people, size),
                Cell::Text(state),
            ]);
        }
    }
    let [size, retained] = figures;
    let columns = vec![
        make.name("cohort", "first order in", "首单月份"),
        size,
        make.name("months_since", "months since", "之后月数"),
        retained,
        make.name("open", "", ""),
    ];
    let mut answer = make.answer("cohorts", ("Cohorts and retention", "客户群与留存"), columns, out);
    answer
        .notes
        .push(make.say("a month that is not over is marked: its share can only grow", "未结束的月份已标出：其占比只会增加"));
    Ok(answer)
}

fn months_between(one: Day, other: Day) -> i64 {
    use chrono::Datelike;
    i64::from(other.0.year() - one.0.year()) * 12 + i64::from(other.0.month()) - i64::from(one.0.month())
}

fn months_later(day: Day, months: i64) -> Day {
    let months = chrono::Months::new(u32::try_from(months).unwrap_or(0));
    day.0.checked_add_months(months).map_or(day, Day)
}

pub(super) async fn contacts(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let make = asking.make;
    let stage = match asking.query.subject.as_deref() {
        None => None,
        Some(text) => Some(LifecycleStage::parse(text).ok_or_else(|| AskError::Stage(text.to_owned()))?),
    };
    let limit = u32::try_from(asking.query.limit.unwrap_or(100)).unwrap_or(u32::MAX);
    let page = ContactPage { at: asking.cut.window.until(), rules: asking.lifecycle, stage, limit, offset: 0 };
    let figures = [
        make.column("touches", ("touches", "触点"), ("all touches of the contact", "该联系人的全部触点"), Claim::Measured),
        make.column("orders", ("orders", "订单"), ("orders that were not cancelled", "未取消的订单"), Claim::Measured),
        make.column(
            "revenue",
            ("revenue, net", "净收入"),
            ("totals of the orders less refunds, in the tenant's currency", "订单总额减退款（本币）"),
            Claim::Measured,
        ),
    ];
    let currency = asking.session.currency();
    let calendar = asking.session.calendar();
    let rows = asking.session.contact_list(&page).await?.into_iter().map(|row| {
        vec![
            Cell::Text(row.contact.to_string()),
            row.stage.as_str().into(),
            Cell::Day(calendar.day(row.last_at)),
            make.count(&figures[0], row.touches),
            make.count(&figures[1], row.orders),
            row.minor.map_or(Cell::Empty, |minor| make.money(&figures[2], minor, currency, row.orders)),
        ]
    });
    let rows = rows.collect();
    let names = [
        make.name("contact", "contact", "联系人"),
        make.name("stage", "stage", "阶段"),
        make.name("last", "last touch", "最近触点"),
    ];
    let columns = names.into_iter().chain(figures).collect();
    let mut answer = make.answer("contacts", ("Contacts", "联系人"), columns, rows);
    answer.notes.push(rules_note(asking));
    Ok(answer)
}

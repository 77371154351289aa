//! The small tables: a tenant's records as columns.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringViewArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema};
use chrono::NaiveDate;
use kith_core::{ConsentState, Day, Instant, Money, Seriousness};

use super::Snapshot;
use crate::LakeError;

/// Columns with their names, in the making.
#[derive(Default)]
struct Columns(Vec<(&'static str, ArrayRef)>);

impl Columns {
    fn text<'a>(mut self, name: &'static str, values: impl Iterator<Item = Option<&'a str>>) -> Self {
        self.0.push((name, Arc::new(values.map(|text| text.filter(|text| !text.is_empty())).collect::<StringViewArray>())));
        self
    }

    fn all<'a>(self, name: &'static str, values: impl Iterator<Item = &'a str>) -> Self {
        self.text(name, values.map(Some))
    }

    fn number(mut self, name: &'static str, values: impl Iterator<Item = Option<f64>>) -> Self {
        self.0.push((name, Arc::new(values.collect::<Float64Array>())));
        self
    }

    fn whole(mut self, name: &'static str, values: impl Iterator<Item = Option<i64>>) -> Self {
        self.0.push((name, Arc::new(values.collect::<Int64Array>())));
        self
    }

    fn truth(mut self, name: &'static str, values: impl Iterator<Item = bool>) -> Self {
        self.0.push((name, Arc::new(values.map(Some).collect::<BooleanArray>())));
        self
    }

    fn instant(mut self, name: &'static str, values: impl Iterator<Item = Option<Instant>>) -> Self {
        let values = values.map(|at| at.map(Instant::micros)).collect::<TimestampMicrosecondArray>();
        self.0.push((name, Arc::new(values.with_timezone("UTC"))));
        self
    }

    fn day(mut self, name: &'static str, values: impl Iterator<Item = Option<Day>>) -> Self {
        self.0.push((name, Arc::new(values.map(|day| day.map(days_since_1970)).collect::<Date32Array>())));
        self
    }

    fn table(self) -> Result<RecordBatch, LakeError> {
        let fields: Vec<Field> = self.0.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
        let arrays = self.0.into_iter().map(|(_, array)| array).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| LakeError::query("the records", error.into()))
    }
}

/// Days of a calendar day from 1970, as the engine counts them.
pub(crate) fn days_since_1970(day: Day) -> i32 {
    // A date of chrono fits: its years are some hundred thousand.
    (day.0 - NaiveDate::default()).num_days() as i32
}

/// Every small table by its name.
pub(crate) fn tables(snapshot: &Snapshot) -> Result<Vec<(&'static str, RecordBatch)>, LakeError> {
    Ok(vec![
        ("posts", posts(snapshot)?),
        ("insights", insights(snapshot)?),
        ("costs", costs(snapshot)?),
        ("cases", cases(snapshot)?),
        ("campaigns", campaigns(snapshot)?),
        ("placements", placements(snapshot)?),
        ("accounts", accounts(snapshot)?),
        ("consents", consents(snapshot)?),
    ])
}

fn posts(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.posts.iter();
    let topics: Vec<String> = rows().map(|post| post.topics.join(",")).collect();
    Columns::default()
        .all("channel", rows().map(|post| post.channel.as_str()))
        .all("external", rows().map(|post| post.external.as_str()))
        .text("account", rows().map(|post| post.account.as_deref()))
        .text("author", rows().map(|post| post.author.as_deref()))
        .instant("published_at", rows().map(|post| post.published_at))
        .text("title", rows().map(|post| post.title.as_deref()))
        .all("text", rows().map(|post| post.text.as_str()))
        .text("url", rows().map(|post| post.url.as_deref()))
        .text("campaign", rows().map(|post| post.campaign.as_deref()))
        .all("topics", topics.iter().map(String::as_str))
        .all("attributes", rows().map(|post| post.attributes.as_str()))
        .table()
}

fn insights(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.insights.iter();
    Columns::default()
        .all("channel", rows().map(|insight| insight.channel.as_str()))
        .text("account", rows().map(|insight| insight.account.as_deref()))
        .text("post", rows().map(|insight| insight.post.as_deref()))
        .text("medium", rows().map(|insight| insight.medium.as_deref()))
        .text("campaign", rows().map(|insight| insight.campaign.as_deref()))
        .all("metric", rows().map(|insight| insight.metric.as_str()))
        .instant("at", rows().map(|insight| Some(insight.at)))
        .truth("daily", rows().map(|insight| insight.daily))
        .number("value", rows().map(|insight| Some(insight.value)))
        .table()
}

fn costs(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.costs.iter();
    Columns::default()
        .day("first_day", rows().map(|cost| Some(cost.from)))
        .day("last_day", rows().map(|cost| Some(cost.until)))
        .all("kind", rows().map(|cost| cost.kind.as_str()))
        .all("medium", rows().map(|cost| cost.medium.as_str()))
        .text("campaign", rows().map(|cost| cost.campaign.as_deref()))
        .text("placement", rows().map(|cost| cost.placement.as_deref()))
        .text("account", rows().map(|cost| cost.account.as_deref()))
        .whole("amount", rows().map(|cost| Some(cost.amount.minor)))
        .all("currency", rows().map(|cost| cost.amount.currency.code()))
        .number("hours", rows().map(|cost| cost.hours))
        .table()
}

fn cases(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.cases.iter();
    Columns::default()
        .all("number", rows().map(|case| case.number.as_str()))
        .whole("identity", rows().map(|case| case.identity.map(|identity| identity.0)))
        .all("channel", rows().map(|case| case.channel.as_str()))
        .instant("opened_at", rows().map(|case| Some(case.opened_at)))
        .instant("answered_at", rows().map(|case| case.answered_at))
        .instant("resolved_at", rows().map(|case| case.resolved_at))
        .text("order_no", rows().map(|case| case.order.as_deref()))
        .all("subject", rows().map(|case| case.subject.as_str()))
        .all("text", rows().map(|case| case.text.as_str()))
        .all("seriousness", rows().map(|case| seriousness(case.seriousness)))
        .all("state", rows().map(|case| case.state().as_str()))
        .table()
}

const fn seriousness(seriousness: Seriousness) -> &'static str {
    match seriousness {
        Seriousness::Ordinary => "ordinary",
        Seriousness::Money => "money",
        Seriousness::Law => "law",
        Seriousness::Health => "health",
        Seriousness::Safety => "safety",
    }
}

fn campaigns(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.campaigns.iter();
    let success = || rows().map(|campaign| campaign.success.as_ref());
    Columns::default()
        .all("id", rows().map(|campaign| campaign.id.as_str()))
        .all("name", rows().map(|campaign| campaign.name.as_str()))
        .day("first_day", rows().map(|campaign| Some(campaign.from)))
        .day("last_day", rows().map(|campaign| Some(campaign.until)))
        .text("measure", success().map(|success| success.map(|success| success.measure.as_str())))
        .number("baseline", success().map(|success| success.map(|success| success.baseline)))
        .number("target", success().map(|success| success.map(|success| success.target)))
        .day("target_day", success().map(|success| success.map(|success| success.by)))
        .text("method", success().map(|success| success.map(|success| success.method.as_str())))
        .table()
}

fn placements(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.placements.iter();
    let cost = |part: fn(&Money) -> i64| rows().map(move |placement| placement.cost.as_ref().map(part));
    Columns::default()
        .all("id", rows().map(|placement| placement.id.as_str()))
        .all("campaign", rows().map(|placement| placement.campaign.as_str()))
        .all("medium", rows().map(|placement| placement.medium.as_str()))
        .all("content", rows().map(|placement| placement.content.as_str()))
        .all("form", rows().map(|placement| placement.form.as_str()))
        .all("place", rows().map(|placement| placement.place.as_str()))
        .day("first_day", rows().map(|placement| Some(placement.from)))
        .day("last_day", rows().map(|placement| Some(placement.until)))
        .whole("cost", cost(|money| money.minor))
        .text("currency", rows().map(|placement| placement.cost.as_ref().map(|money| money.currency.code())))
        .all("link", rows().map(|placement| placement.link.as_str()))
        .table()
}

/// An account's objective, audience and measure stand there only when its one role is sound.
fn accounts(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.accounts.iter();
    let role = || rows().map(|account| account.role().ok());
    Columns::default()
        .all("id", rows().map(|account| account.id.as_str()))
        .all("channel", rows().map(|account| account.channel.as_str()))
        .all("handle", rows().map(|account| account.handle.as_str()))
        .whole("roles", rows().map(|account| i64::try_from(account.roles.len()).ok()))
        .text("objective", role().map(|role| role.map(|role| role.objective.as_str())))
        .text("audience", role().map(|role| role.map(|role| role.audience.as_str())))
        .text("measure", role().map(|role| role.map(|role| role.measure.as_str())))
        .table()
}

fn consents(snapshot: &Snapshot) -> Result<RecordBatch, LakeError> {
    let rows = || snapshot.consents.iter();
    let state = |state| match state {
        ConsentState::Given => "given",
        ConsentState::Withdrawn => "withdrawn",
    };
    Columns::default()
        .whole("identity", rows().map(|consent| Some(consent.identity.0)))
        .text("channel", rows().map(|consent| consent.channel.as_ref().map(|channel| channel.as_str())))
        .all("purpose", rows().map(|consent| consent.purpose.as_str()))
        .all("state", rows().map(|consent| state(consent.state)))
        .instant("at", rows().map(|consent| Some(consent.at)))
        .all("evidence", rows().map(|consent| consent.evidence.as_str()))
        .table()
}

//! Input and output: what was spent beside what came of it, and how efficient each medium is in the short and the long run.

use std::collections::BTreeMap;

use kith_core::{Claim, CostKind, Currency};
use kith_lake::{Cut, EfficiencyQuery, Group, Run, SpendQuery};

use super::answer::{Answer, Cell, Column};
use super::asking::{AskError, Asking};
use super::make::Make;

/// What fell on the days of a window, in minor units.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    pub media: f64,
    pub labour: f64,
    pub other: f64,
}

impl Spent {
    pub fn all(&self) -> f64 {
        self.media + self.labour + self.other
    }
}

/// Costs by part and currency, each spread evenly over its days and cut to the window.
pub(super) async fn spent(asking: &Asking<'_>, cut: &Cut) -> Result<BTreeMap<(String, Currency), Spent>, AskError> {
    let query = SpendQuery::of(asking.session, cut);
    let mut sums: BTreeMap<(String, Currency), Spent> = BTreeMap::new();
    for row in asking.session.spend(&query).await? {
        let minor = row.minor as f64 * row.share(query.first, query.last);
        let part = row.part.unwrap_or_else(|| "direct".to_owned());
        let sum = sums.entry((part, row.currency)).or_default();
        match row.kind {
            CostKind::Media => sum.media += minor,
            CostKind::Labour => sum.labour += minor,
            CostKind::Goods | CostKind::Other => sum.other += minor,
        }
    }
    Ok(sums)
}

#[derive(Default, Clone, Copy)]
struct Came {
    visits: u64,
    leads: u64,
    orders: u64,
    net: i64,
}

pub(super) async fn cost(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let (make, cut) = (asking.make, &asking.cut);
    let spent = spent(asking, cut).await?;
    let home = asking.session.currency();
    let mut came: BTreeMap<(String, Currency), Came> = BTreeMap::new();
    let part = |part: Option<String>| {
        part.unwrap_or_else(|| if cut.group == Group::Whole { String::new() } else { "direct".to_owned() })
    };
    for row in asking.session.sales(cut).await? {
        let (orders, net) = (row.orders, row.net());
        let entry = came.entry((part(row.part), row.currency.unwrap_or(home))).or_default();
        entry.orders += orders;
        entry.net += net;
    }
    for row in asking.session.leads(cut).await? {
        came.entry((part(row.part), home)).or_default().leads += row.leads;
    }
    for row in asking.session.traffic(cut).await? {
        came.entry((part(row.part), home)).or_default().visits += row.visits + row.clicks + row.scans;
    }
    let figures = cost_columns(make);
    let mut keys: Vec<(String, Currency)> = spent.keys().cloned().collect();
    if cut.group == Group::Whole {
        keys = spent.keys().map(|(_, currency)| (String::new(), *currency)).collect();
    }
    keys.extend(came.keys().cloned());
    keys.sort();
    keys.dedup();
    let mut rows: Vec<(f64, Vec<Cell>)> = keys
        .into_iter()
        .map(|(name, currency)| {
            let of = if cut.group == Group::Whole { ("direct".to_owned(), currency) } else { (name.clone(), currency) };
            let spent = spent.get(&of).copied().unwrap_or_default();
            let came = came.get(&(name.clone(), currency)).copied().unwrap_or_default();
            let mut cells = make.cut_cells(cut.period, cut.group, None, Some(&name));
            cells.extend(cost_cells(make, &figures, spent, came, currency));
            (spent.all(), cells)
        })
        .collect();
    rows.sort_by(|one, other| other.0.total_cmp(&one.0));
    let columns = make.cut_columns(cut.period, cut.group).into_iter().chain(figures).collect();
    Ok(make.answer("cost", ("Input and output", "投入与产出"), columns, rows.into_iter().map(|(_, cells)| cells).collect()))
}

fn cost_columns(make: Make) -> [Column; 10] {
    let spread =
        ("costs that touch the window, spread evenly over their days and cut to it", "与该期间相交的成本，按天均摊后截取");
    let last = ("by last touch within 30 days: a correlation", "按 30 天内最后触点归因：相关而非因果");
    [
        make.column("media", ("media", "媒体费"), spread, Claim::Measured),
        make.column("labour", ("labour", "人工"), spread, Claim::Measured),
        make.column("other", ("other", "其他"), spread, Claim::Measured),
        make.column(
            "visits",
            ("visits", "访问"),
            ("visits, clicks and scans with this source", "该来源的访问、点击与扫码"),
            Claim::Measured,
        ),
        make.column("leads", ("leads", "线索"), last, Claim::Correlated),
        make.column("orders", ("orders", "订单"), last, Claim::Correlated),
        make.column("revenue", ("revenue, net", "净收入"), last, Claim::Correlated),
        make.column(
            "return",
            ("output per input", "投入产出比"),
            ("net revenue per cost; by last touch, so what came anyway is in it", "净收入 ÷ 成本；按最后触点，包含本来就会来的"),
            Claim::Correlated,
        ),
        make.column("per_visit", ("cost a visit", "每次访问成本"), ("all cost per visit", "总成本 ÷ 访问"), Claim::Correlated),
        make.column("per_order", ("cost an order", "每单成本"), ("all cost per order", "总成本 ÷ 订单"), Claim::Correlated),
    ]
}

fn cost_cells(make: Make, figures: &[Column; 10], spent: Spent, came: Came, currency: Currency) -> Vec<Cell> {
    let money = |column: &Column, minor: f64| make.money(column, minor.round() as i64, currency, 1);
    vec![
        money(&figures[0], spent.media),
        money(&figures[1], spent.labour),
        money(&figures[2], spent.other),
        make.count(&figures[3], came.visits),
        make.count(&figures[4], came.leads),
        make.count(&figures[5], came.orders),
        make.money(&figures[6], came.net, currency, came.orders),
        make.ratio(&figures[7], came.net as f64, spent.all(), came.orders),
        make.money_per(&figures[8], spent.all(), currency, if spent.all() > 0.0 { came.visits } else { 0 }),
        make.money_per(&figures[9], spent.all(), currency, if spent.all() > 0.0 { came.orders } else { 0 }),
    ]
}

pub(super) async fn efficiency(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let make = asking.make;
    let by_medium = Cut::by(asking.cut.window, Group::Medium);
    let spent = spent(asking, &by_medium).await?;
    let home = asking.session.currency();
    let correlated = |key, titles, method| make.column(key, titles, method, Claim::Correlated);
    let figures = [
        make.column(
            "people",
            ("people", "人数"),
            ("people whom the medium reached first in the window and whose run is over", "该媒体首先触达、且观察期已满的人"),
            Claim::Measured,
        ),
        correlated(
            "visited",
            ("visited", "访问率"),
            ("of these people, by any way, within the run; Wilson's interval", "其中在观察期内以任何方式访问的人；Wilson 区间"),
        ),
        correlated("lead", ("left a lead", "线索率"), ("the same", "同上")),
        correlated("bought", ("bought", "购买率"), ("the same", "同上")),
        correlated(
            "orders_per_read",
            ("orders per 1000 reads", "每千次阅读订单"),
            ("orders within the run per thousand reads", "观察期内每千次阅读的订单"),
        ),
        correlated(
            "media",
            ("media cost a buyer", "每买家媒体费"),
            ("the medium's media cost in the window per buyer", "期间媒体费 ÷ 买家"),
        ),
        correlated(
            "labour",
            ("labour a buyer", "每买家人工"),
            ("the medium's labour cost in the window per buyer", "期间人工费 ÷ 买家"),
        ),
    ];
    let (short_days, long_days) = (asking.config.short_run_days, asking.config.long_run_days);
    let query = EfficiencyQuery { window: asking.cut.window, short_days, long_days };
    let rows = asking.session.efficiency(&query).await?.into_iter().map(|row| {
        let run = match row.run {
            Run::Short => short_days,
            Run::Long => long_days,
        };
        let run = make.say(&format!("{run} days"), &format!("{run} 天"));
        let cost = spent.get(&(row.medium.clone(), home)).copied().unwrap_or_default();
        let buyers = |spent: f64| if spent > 0.0 { row.buyers } else { 0 };
        vec![
            row.medium.as_str().into(),
            run.into(),
            make.people(&figures[0], row.people),
            make.share(&figures[1], row.visitors, row.people),
            make.share(&figures[2], row.leads, row.people),
            make.share(&figures[3], row.buyers, row.people),
            make.ratio(&figures[4], row.orders as f64 * 1_000.0, row.reads as f64, row.reads),
            make.money_per(&figures[5], cost.media, home, buyers(cost.media)),
            make.money_per(&figures[6], cost.labour, home, buyers(cost.labour)),
        ]
    });
    let rows = rows.collect();
    let names = [make.name("medium", "medium", "媒体"), make.name("run", "run", "观察期")];
    let columns = names.into_iter().chain(figures).collect();
    let mut answer = make.answer("efficiency", ("Efficiency of media", "媒体效率"), columns, rows);
    answer.notes.push(make.say(
        "people whose run is not over are left out of it, so the long run looks further back than the short one",
        "观察期未满的人不计入，因此长期数据比短期数据更早",
    ));
    Ok(answer)
}

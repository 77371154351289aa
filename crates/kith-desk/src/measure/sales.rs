//! Traffic, leads, customers and revenue: what came, and by what.

use kith_core::Claim;

use super::answer::{Answer, Cell};
use super::asking::{AskError, Asking};

/// How a conversion finds its source, said once.
const TRACED: (&str, &str) = (
    "by the order's or lead's own source, else the last touch with one by the same contact in the 30 days before; `direct` where nothing is known",
    "按订单或线索自带的来源，否则按同一联系人此前 30 天内最后一个有来源的触点；未知为 direct",
);

/// The claim of a column that is counted: measured as a whole, correlated when credited to a source.
fn credited(asking: &Asking<'_>) -> Claim {
    use kith_lake::Group::{Account, Campaign, Medium, Placement};
    if matches!(asking.cut.group, Medium | Campaign | Placement | Account) { Claim::Correlated } else { Claim::Measured }
}

pub(super) async fn traffic(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let (make, cut) = (asking.make, &asking.cut);
    let count = |key, titles, method| make.column(key, titles, method, Claim::Measured);
    let figures = [
        count("reads", ("reads", "阅读"), ("reads recorded for known people", "已知人员的阅读次数")),
        count("visits", ("visits", "访问"), ("visits recorded for known people", "已知人员的访问次数")),
        count("clicks", ("clicks", "点击"), ("clicks on tracked links", "追踪链接的点击次数")),
        count("scans", ("scans", "扫码"), ("scans of tracked codes", "追踪二维码的扫码次数")),
        count(
            "people",
            ("people", "人数"),
            (
                "different contacts who did any of these; a contact counts once a row, so rows do not add up",
                "有以上任一行为的不同联系人；各行不能相加",
            ),
        ),
    ];
    let rows = asking.session.traffic(cut).await?.into_iter().map(|row| {
        let mut cells = make.cut_cells(cut.period, cut.group, row.period, row.part.as_deref());
        cells.extend([
            make.count(&figures[0], row.reads),
            make.count(&figures[1], row.visits),
            make.count(&figures[2], row.clicks),
            make.count(&figures[3], row.scans),
            make.people(&figures[4], row.people),
        ]);
        cells
    });
    let rows = rows.collect();
    let columns = make.cut_columns(cut.period, cut.group).into_iter().chain(figures).collect();
    Ok(make.answer("traffic", ("Traffic", "流量"), columns, rows))
}

pub(super) async fn leads(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let (make, cut) = (asking.make, &asking.cut);
    let figures = [
        make.column("leads", ("leads", "线索"), TRACED, credited(asking)),
        make.column("people", ("people", "人数"), TRACED, credited(asking)),
        make.column(
            "new_people",
            ("new", "新增"),
            ("people whose first lead of all it was", "首次留下线索的人"),
            credited(asking),
        ),
    ];
    let rows = asking.session.leads(cut).await?.into_iter().map(|row| {
        let mut cells = make.cut_cells(cut.period, cut.group, row.period, row.part.as_deref());
        cells.extend([
            make.count(&figures[0], row.leads),
            make.people(&figures[1], row.people),
            make.people(&figures[2], row.new_people),
        ]);
        cells
    });
    let rows = rows.collect();
    let columns = make.cut_columns(cut.period, cut.group).into_iter().chain(figures).collect();
    Ok(make.answer("leads", ("Leads", "线索"), columns, rows))
}

pub(super) async fn customers(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let (make, cut) = (asking.make, &asking.cut);
    let figures = [
        make.column("buyers", ("buyers", "买家"), TRACED, credited(asking)),
        make.column("new", ("new", "新客"), ("buyers whose first order of all it was", "首次下单的买家"), credited(asking)),
        make.column(
            "returning",
            ("returning", "回头客"),
            ("buyers who had ordered before", "之前下过单的买家"),
            credited(asking),
        ),
        make.column("orders", ("orders", "订单"), TRACED, credited(asking)),
        make.column(
            "returning_share",
            ("returning share", "回头客占比"),
            ("returning buyers of all buyers, Wilson's interval", "回头客占全部买家，Wilson 区间"),
            credited(asking),
        ),
    ];
    let rows = asking.session.buyers(cut).await?.into_iter().map(|row| {
        let returning = row.buyers.saturating_sub(row.new_buyers);
        let mut cells = make.cut_cells(cut.period, cut.group, row.period, row.part.as_deref());
        cells.extend([
            make.people(&figures[0], row.buyers),
            make.people(&figures[1], row.new_buyers),
            make.people(&figures[2], returning),
            make.count(&figures[3], row.orders),
            make.share(&figures[4], returning, row.buyers),
        ]);
        cells
    });
    let rows = rows.collect();
    let columns = make.cut_columns(cut.period, cut.group).into_iter().chain(figures).collect();
    Ok(make.answer("customers", ("Customers", "客户"), columns, rows))
}

pub(super) async fn revenue(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let (make, cut) = (asking.make, &asking.cut);
    let figures = [
        make.column("orders", ("orders", "订单"), TRACED, credited(asking)),
        make.column("buyers", ("buyers", "买家"), TRACED, credited(asking)),
        make.column(
            "revenue",
            ("revenue, net", "净收入"),
            (
                "totals of orders that were not cancelled, less refunds; currencies are never added",
                "未取消订单的总额减退款；不同货币不相加",
            ),
            credited(asking),
        ),
        make.column("refunds", ("refunds", "退款"), ("money given back for these orders", "这些订单的退款额"), credited(asking)),
        make.column(
            "average",
            ("average order", "客单价"),
            ("revenue before refunds per order", "退款前收入 ÷ 订单数"),
            credited(asking),
        ),
    ];
    let mut unpriced = 0;
    let rows: Vec<Vec<Cell>> = asking
        .session
        .sales(cut)
        .await?
        .into_iter()
        .map(|row| {
            let mut cells = make.cut_cells(cut.period, cut.group, row.period, row.part.as_deref());
            cells.extend([make.count(&figures[0], row.orders), make.people(&figures[1], row.buyers)]);
            match row.currency {
                Some(currency) => cells.extend([
                    make.money(&figures[2], row.net(), currency, row.orders),
                    make.money(&figures[3], row.refunded, currency, row.orders),
                    make.money_per(&figures[4], row.minor as f64, currency, row.orders),
                ]),
                None => {
                    unpriced += row.orders;
                    cells.extend([Cell::Empty, Cell::Empty, Cell::Empty]);
                }
            }
            cells
        })
        .collect();
    let columns = make.cut_columns(cut.period, cut.group).into_iter().chain(figures).collect();
    let mut answer = make.answer("revenue", ("Revenue", "收入"), columns, rows);
    if unpriced > 0 {
        answer.notes.push(make.say(
            &format!("{unpriced} orders have no amount in any source (neither a total nor payments nor lines)"),
            &format!("{unpriced} 个订单在任何来源中都没有金额"),
        ));
    }
    Ok(answer)
}

pub(super) async fn new_and_returning(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let (make, cut) = (asking.make, &asking.cut);
    let measured = |key, titles, method| make.column(key, titles, method, Claim::Measured);
    let figures = [
        measured("new", ("new", "新客"), ("buyers whose first order of all lies in the period", "首单落在该期间的买家")),
        measured("returning", ("returning", "回头客"), ("buyers who had ordered before the period's order", "之前下过单的买家")),
        measured("new_revenue", ("by new", "新客收入"), ("net revenue of first orders", "首单净收入")),
        measured("returning_revenue", ("by returning", "回头客收入"), ("net revenue of all later orders", "非首单净收入")),
    ];
    let rows = asking.session.sales(cut).await?.into_iter().filter_map(|row| {
        let currency = row.currency?;
        let mut cells = make.cut_cells(cut.period, cut.group, row.period, row.part.as_deref());
        cells.extend([
            make.people(&figures[0], row.new_buyers),
            make.people(&figures[1], row.buyers.saturating_sub(row.new_buyers)),
            make.money(&figures[2], row.new_minor, currency, row.new_buyers),
            make.money(&figures[3], row.net() - row.new_minor, currency, row.orders.saturating_sub(row.new_buyers)),
        ]);
        Some(cells)
    });
    let rows = rows.collect();
    let columns = make.cut_columns(cut.period, cut.group).into_iter().chain(figures).collect();
    Ok(make.answer("new-and-returning", ("New and returning customers", "新客与回头客"), columns, rows))
}

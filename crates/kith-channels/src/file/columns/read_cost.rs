//! A row that says what marketing cost: one sum for one medium, or a column a medium.
//!
//! In a table with a column a medium every sum above zero is a cost of its own; counts beside them (impressions, clicks,
//! revenue) are insights. Costs that are equal in every column are told apart by a number, so two equal invoices stay two.

use kith_core::{Channel, Cost, CostKind, Day, Insight, Medium, Money, Record, Refusal, parse_money};

use super::Field;
use super::cells::Cells;
use super::read_post::count;
use super::reader::{Work, Yield, digest};
use super::words;

pub fn read(cells: &Cells<'_>, work: &mut Work, out: &mut Yield) -> Result<(), Refusal> {
    let Some(from) = cells.day(&Field::CostFrom)? else {
        return Err(cells.refuse(&Field::CostFrom, "", "the row does not say on which day the cost falls"));
    };
    let until = cells.day(&Field::CostUntil)?.unwrap_or_else(|| from.plus(i64::from(cells.rules.days) - 1));
    if until < from {
        return Err(cells.refuse(&Field::CostUntil, cells.text(&Field::CostUntil), "the cost ends before it begins"));
    }
    let word = cells.text(&Field::CostKind);
    let kind = match word {
        "" => CostKind::Media,
        word => CostKind::parse(word).ok_or_else(|| cells.refuse(&Field::CostKind, word, "say media, labour, goods or other"))?,
    };
    let currency = cells.currency()?;
    let version = cells.version()?.or(cells.rules.export_time.map(kith_core::Instant::micros)).unwrap_or(0).max(0);
    let mut costs = Vec::new();
    if let Some(amount) = cells.money(&Field::Amount, currency)? {
        let medium = work
            .medium(cells)?
            .ok_or_else(|| cells.refuse(&Field::Medium, "", "the row does not say for which medium it was paid"))?;
        let hours = cells.number(&Field::Hours)?;
        let cost = cost(cells, from, until, kind, medium, amount)?;
        costs.push(Cost { hours, ..cost });
    }
    for (column, medium) in &cells.rules.spends {
        let text = cells.row.cell(*column).trim();
        if words::says_nothing(text) {
            continue;
        }
        // A model's spend has more decimals than money has; it is rounded.
        let amount = parse_money(text, currency).or_else(|error| match kith_core::parse_decimal(text) {
            Ok(value) if value.abs() < 1e13 => {
                Ok(Money::new((value * 10_f64.powi(currency.digits() as i32)).round() as i64, currency))
            }
            _ => Err(cells.refuse_column(*column, text, &error.to_string())),
        })?;
        if amount.minor != 0 {
            costs.push(cost(cells, from, until, kind, medium.clone(), amount)?);
        }
    }
    let insights = insights(cells, from, until)?;
    if costs.is_empty() && insights.is_empty() && cells.rules.spends.is_empty() {
        return Err(cells.refuse(&Field::Amount, "", "the row does not say how much it cost"));
    }
    for cost in costs {
        let body = serde_json::to_string(&cost).unwrap_or_default();
        let nth = cells.rules.repeats.count(digest("cost", &[&body]));
        out.records.push((version, Record::Cost { cost, nth }));
    }
    out.records.extend(insights.into_iter().map(|insight| (version, Record::Insight(insight))));
    Ok(())
}

fn cost(cells: &Cells<'_>, from: Day, until: Day, kind: CostKind, medium: Medium, amount: Money) -> Result<Cost, Refusal> {
    Ok(Cost {
        from,
        until,
        kind,
        medium,
        campaign: cells.string(&Field::Campaign)?,
        placement: cells.string(&Field::Placement)?,
        account: cells.string(&Field::Account)?,
        amount,
        hours: None,
    })
}

/// The counts beside the costs, spread evenly over the days of the row.
fn insights(cells: &Cells<'_>, from: Day, until: Day) -> Result<Vec<Insight>, Refusal> {
    let days = (until.0 - from.0).num_days().clamp(0, 365) + 1;
    let mut insights = Vec::new();
    for (column, metric, medium) in &cells.rules.metrics {
        let Some(value) = count(cells, *column, metric)? else {
            continue;
        };
        for nth in 0..days {
            insights.push(Insight {
                channel: medium
                    .as_ref()
                    .and_then(|medium| Channel::parse(medium.as_str()).ok())
                    .unwrap_or_else(|| cells.rules.channel.clone()),
                account: cells.string(&Field::Account)?,
                post: None,
                medium: medium.as_ref().map(ToString::to_string),
                campaign: cells.string(&Field::Campaign)?,
                metric: metric.clone(),
                at: cells.rules.calendar.start(from.plus(nth)),
                daily: true,
                value: value / days as f64,
            });
        }
    }
    Ok(insights)
}

//! A row of a platform's statistics: a post with its counts, or a day with the counts of an account or a medium.
//!
//! - **A post without a number of its own** is known by its address, or else by a digest of its title, text and time.
//! - **Counts of a post** are totals so far, as of the column `counted-at`, else of the export, else of the publication (the export
//!   does not say more). `followers` counts the author's account and not the post.
//! - **Counts of a day** speak of a medium and a campaign, or of an account. Where a traffic report has further columns (source, device),
//!   they become part of the `account`, so that two rows of one day are two counts and none is lost.
//! - A count of several days (`settings.days`) is spread evenly over them, as a cost is.

use kith_core::{Channel, CompactString, Insight, Instant, Metric, Post, Record, Refusal, parse_decimal, parse_money};

use super::Field;
use super::cells::Cells;
use super::read_contact::tags;
use super::reader::{Work, Yield, digest};
use super::words;

pub fn read(cells: &Cells<'_>, work: &mut Work, out: &mut Yield) -> Result<(), Refusal> {
    let channel = work.channel(cells)?;
    if cells.rules.is_of_posts() { read_one(cells, work, out, channel) } else { read_day(cells, work, out, channel) }
}

fn read_one(cells: &Cells<'_>, work: &mut Work, out: &mut Yield, channel: Channel) -> Result<(), Refusal> {
    let published_at = cells.time(&Field::PublishedAt)?;
    let (title, text, url) = (cells.string(&Field::Title)?, cells.long(&Field::Text)?, cells.string(&Field::Url)?);
    let external = match (cells.key(&Field::Post)?, &url) {
        (Some(number), _) => number.into_owned(),
        (None, Some(url)) => url.clone(),
        (None, None) if title.is_none() && text.is_none() => {
            return Err(cells.refuse_row("the row has neither the number nor the text, title or address of a post"));
        }
        (None, None) => {
            let when = published_at.map(|at| at.to_string()).unwrap_or_default();
            let parts = [title.as_deref().unwrap_or(""), text.as_deref().unwrap_or(""), &when];
            format!("={:016x}", digest("post", &parts))
        }
    };
    let account = cells.string(&Field::Account)?;
    let author = cells.string(&Field::Author)?;
    let counted_at = cells.time(&Field::CountedAt)?.or(cells.rules.export_time);
    let mut insights = Vec::new();
    for (column, metric, _) in &cells.rules.metrics {
        let Some(value) = count(cells, *column, metric)? else {
            continue;
        };
        let Some(at) = counted_at.or(published_at) else {
            return Err(
                cells.refuse_row("nobody knows when these counts were taken: say in the mapping when the file was exported")
            );
        };
        let of_author = metric.as_str() == Metric::FOLLOWERS;
        insights.push(Insight {
            channel: channel.clone(),
            account: if of_author { account.clone().or_else(|| author.clone()) } else { account.clone() },
            post: (!of_author).then(|| external.clone()),
            medium: None,
            campaign: None,
            metric: metric.clone(),
            at,
            daily: false,
            value,
        });
    }
    let topics = cells.long(&Field::Topics)?.map(|topics| tags(&topics, &[',', '，', ';', '；', '#', '＃', '|', '、', ' ']));
    let post = Post {
        channel,
        external,
        account,
        author,
        published_at,
        title,
        text: text.unwrap_or_default(),
        url,
        campaign: cells.string(&Field::Campaign)?,
        topics: topics.unwrap_or_default(),
        attributes: cells.attributes(&[])?,
    };
    let version = version(cells, counted_at.or(published_at))?;
    // The medium of a post is its channel; a column for it is read so that a wrong word is found.
    work.medium(cells)?;
    out.records.push((version, Record::Post(post)));
    out.records.extend(insights.into_iter().map(|insight| (version, Record::Insight(insight))));
    Ok(())
}

fn read_day(cells: &Cells<'_>, work: &mut Work, out: &mut Yield, channel: Channel) -> Result<(), Refusal> {
    if cells.text(&Field::CountedAt).is_empty() {
        // Reports end in a row of sums that has no day.
        out.passed_over += 1;
        return Ok(());
    }
    let Some(day) = cells.day(&Field::CountedAt)? else {
        return Err(cells.refuse(&Field::CountedAt, "", "the row does not say of which day it speaks"));
    };
    let medium = work.medium(cells)?.map(|medium| medium.to_string());
    let campaign = cells.string(&Field::Campaign)?.filter(|campaign| !matches!(campaign.as_str(), "(not set)" | "(none)"));
    let account = dimensions(cells)?;
    let mut insights = Vec::new();
    for (column, metric, of) in &cells.rules.metrics {
        let Some(value) = count(cells, *column, metric)? else {
            continue;
        };
        let daily = cells.rules.daily && metric.as_str() != Metric::FOLLOWERS;
        let days = if daily { cells.rules.days } else { 1 };
        for nth in 0..days {
            insights.push(Insight {
                channel: channel.clone(),
                account: account.clone(),
                post: None,
                medium: of.as_ref().map(ToString::to_string).or_else(|| medium.clone()),
                campaign: campaign.clone(),
                metric: metric.clone(),
                at: cells.rules.calendar.start(day.plus(i64::from(nth))),
                daily,
                value: value / f64::from(days),
            });
        }
    }
    let version = version(cells, None)?;
    out.records.extend(insights.into_iter().map(|insight| (version, Record::Insight(insight))));
    Ok(())
}

/// The account of a day's counts, and every other column that splits the day.
fn dimensions(cells: &Cells<'_>) -> Result<Option<String>, Refusal> {
    let mut parts: Vec<CompactString> = Vec::new();
    parts.extend(cells.short(&Field::Account)?);
    parts.extend(cells.short(&Field::Source)?);
    if let Some((source, _)) = cells.text(&Field::SourceMedium).split_once(" / ") {
        parts.push(source.into());
    }
    for (column, _) in &cells.rules.attributes {
        let text = cells.row.cell(*column).trim();
        if !words::says_nothing(text) {
            let text = kith_core::clean(text, 200).map_err(|error| cells.refuse_column(*column, text, &error.to_string()))?;
            parts.push(text.into());
        }
    }
    Ok(if parts.is_empty() { None } else { Some(parts.join(" · ")) })
}

fn version(cells: &Cells<'_>, otherwise: Option<Instant>) -> Result<i64, Refusal> {
    let said = cells.version()?.or(cells.rules.export_time.or(otherwise).map(Instant::micros));
    Ok(said.unwrap_or(0).max(0))
}

/// A count, a share (`12%` is 0.12) or, for revenue, money in minor units.
pub fn count(cells: &Cells<'_>, column: usize, metric: &Metric) -> Result<Option<f64>, Refusal> {
    let text = cells.row.cell(column).trim();
    if words::says_nothing(text) {
        return Ok(None);
    }
    let refuse = |reason: &str| cells.refuse_column(column, text, reason);
    if metric.as_str() == Metric::REVENUE {
        let money = parse_money(text, cells.rules.currency).map_err(|error| refuse(&error.to_string()))?;
        return Ok(Some(money.minor as f64));
    }
    let value = match text.strip_suffix(['%', '％']) {
        Some(share) => parse_decimal(share).map(|share| share / 100.0),
        None => parse_decimal(text),
    };
    let value = value.map_err(|error| refuse(&error.to_string()))?;
    if value < 0.0 && !metric.as_str().starts_with("net-") {
        return Err(refuse("a count cannot be negative"));
    }
    Ok(Some(value))
}

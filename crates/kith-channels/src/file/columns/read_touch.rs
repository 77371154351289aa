//! A row that says one thing that happened.

use kith_core::{CompactString, IdentityId, Instant, Refusal, Touch, TouchId, TouchKind};

use super::Field;
use super::cells::Cells;
use super::own_id;
use super::reader::{Work, Yield};
use super::who::Who;

pub fn read(cells: &Cells<'_>, work: &mut Work, out: &mut Yield) -> Result<(), Refusal> {
    let channel = work.channel(cells)?;
    let kind = work.kind(cells)?;
    let post = cells.key(&Field::Post)?.map(CompactString::from);
    let order = cells.key(&Field::Order)?.map(CompactString::from);
    let at = match cells.time(&Field::At)? {
        Some(at) => Some(at),
        None => after_post(cells, &channel, post.as_deref())?,
    };
    if at.is_none() && !(kind.may_be_undated() && order.is_some()) {
        return Err(cells.refuse(&Field::At, "", "the row does not say when it happened"));
    }
    let Some(who) = Who::of(cells, &channel, order.as_deref())? else {
        return Err(cells.refuse_row("the row names nobody: no login, e-mail, phone or order number"));
    };
    let currency = cells.currency()?;
    let money = cells.money(&Field::Value, currency)?;
    let mut touch = Touch::new(TouchId::from_bytes([0; 16]), who.id(), at, kind, channel.clone());
    touch.medium = work.medium(cells)?;
    touch.campaign = cells.short(&Field::Campaign)?;
    touch.placement = cells.short(&Field::Placement)?;
    touch.account = cells.short(&Field::Account)?;
    touch.post = post;
    touch.order = order;
    touch.value = money.map(|money| if kind == TouchKind::Refund { money.minor.saturating_abs() } else { money.minor });
    touch.currency = money.map(|money| money.currency);
    touch.quantity = cells.number(&Field::Quantity)?;
    touch.item = cells.short(&Field::Item)?;
    touch.score = cells.number(&Field::Score)?;
    touch.promised_at = cells.time(&Field::PromisedAt)?;
    touch.text = text(cells)?;
    touch.attributes = attributes(cells, &who, &[])?;
    touch.import = cells.rules.import;
    touch.version = cells.version()?.unwrap_or(0);
    number(cells, work, &mut touch)?;
    who.commit(cells, &channel, work, out);
    out.touches.push(touch);
    Ok(())
}

/// The instant of a touch that is given as seconds after its post.
fn after_post(cells: &Cells<'_>, channel: &kith_core::Channel, post: Option<&str>) -> Result<Option<Instant>, Refusal> {
    let text = cells.text(&Field::SecondsAfterPost);
    let (Some(post), false) = (post, text.is_empty()) else {
        return Ok(None);
    };
    let seconds = cells.number(&Field::SecondsAfterPost)?.unwrap_or_default();
    let Some(published) = cells.rules.posts.get(channel, post) else {
        let reason = format!("nobody knows when this post was published on {channel}: import the posts first");
        return Err(cells.refuse(&Field::Post, post, &reason));
    };
    let at = published.micros() as f64 + seconds * 1e6;
    Instant::from_micros(at as i64).map(Some).map_err(|error| cells.refuse(&Field::SecondsAfterPost, text, &error.to_string()))
}

/// What the person wrote, the title above the text.
pub fn text(cells: &Cells<'_>) -> Result<Option<String>, Refusal> {
    let text = cells.long(&Field::Text)?;
    Ok(match (cells.string(&Field::Title)?, text) {
        (Some(title), Some(text)) => Some(format!("{title}\n{text}")),
        (title, text) => text.or(title),
    })
}

/// Everything else: columns kept under their own names, what named nobody, who sent the person.
pub fn attributes(cells: &Cells<'_>, who: &Who<'_>, also: &[(&str, &str)]) -> Result<String, Refusal> {
    if who.unread.is_empty() && !cells.rules.has(&Field::ReferredBy) {
        return cells.attributes(also);
    }
    let mut more: Vec<(&str, &str)> = also.iter().chain(&who.unread).copied().collect();
    let by = cells.text(&Field::ReferredBy);
    if !by.is_empty() {
        more.push(("referred-by", by));
    }
    cells.attributes(&more)
}

/// Gives the touch its id: by the source's number, by its order, or by what it says.
fn number(cells: &Cells<'_>, work: &mut Work, touch: &mut Touch) -> Result<(), Refusal> {
    if let Some(number) = cells.key(&Field::SourceId)? {
        own_id::of_numbered(&mut work.own_id, touch.kind, &number);
        work.identify(cells, touch);
        return Ok(());
    }
    let part = cells.key(&Field::Part)?;
    let once = matches!(touch.kind, TouchKind::Order | TouchKind::Cancel) || part.is_some() && touch.kind.may_be_undated();
    match &touch.order {
        Some(order) if once => {
            own_id::of_order(&mut work.own_id, touch.kind, order, part.as_deref());
            work.identify(cells, touch);
        }
        _ => work.identify_by_content(cells, touch),
    }
    Ok(())
}

/// A touch with nothing but who and when, for the readers that make several of one row.
pub fn bare(
    cells: &Cells<'_>,
    identity: IdentityId,
    at: Option<Instant>,
    kind: TouchKind,
    channel: &kith_core::Channel,
) -> Touch {
    Touch { import: cells.rules.import, ..Touch::new(TouchId::from_bytes([0; 16]), identity, at, kind, channel.clone()) }
}

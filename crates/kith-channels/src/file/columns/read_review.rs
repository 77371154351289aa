//! A row that says what a customer thought of an order or of a thing.
//!
//! Its own id stands in [`super::own_id`].

use kith_core::{CompactString, Instant, Refusal, TouchKind};

use super::Field;
use super::cells::Cells;
use super::own_id;
use super::read_touch::{attributes, bare, text};
use super::reader::{Work, Yield};
use super::who::Who;

pub fn read(cells: &Cells<'_>, work: &mut Work, out: &mut Yield) -> Result<(), Refusal> {
    let channel = work.channel(cells)?;
    let kind = if cells.rules.has(&Field::Kind) { work.kind(cells)? } else { TouchKind::Review };
    let order = cells.key(&Field::Order)?.map(|number| CompactString::from(number.trim_start_matches('#')));
    let at = cells.time(&Field::At)?;
    if at.is_none() && !(kind.may_be_undated() && order.is_some()) {
        return Err(cells.refuse(&Field::At, "", "the row does not say when it was written, and names no order that has a time"));
    }
    let Some(who) = Who::of(cells, &channel, order.as_deref())? else {
        return Err(cells.refuse_row("the row names nobody: no login, e-mail, phone or order number"));
    };
    let mut touch = bare(cells, who.id(), at, kind, &channel);
    touch.score = cells.number(&Field::Score)?;
    touch.text = text(cells)?;
    if touch.score.is_none() && touch.text.is_none() {
        return Err(cells.refuse_row("the review has neither a score nor a text"));
    }
    touch.item = cells.short(&Field::Item)?;
    touch.attributes = attributes(cells, &who, &[])?;
    touch.version = cells.version()?.or(at.map(Instant::micros)).unwrap_or(0).max(0);
    touch.order = order;
    match (cells.key(&Field::SourceId)?, &touch.order) {
        (Some(number), None) => own_id::of_numbered(&mut work.own_id, kind, &number),
        (Some(number), Some(order)) => own_id::of_order(&mut work.own_id, kind, &number, Some(order)),
        (None, Some(order)) => own_id::of_numbered(&mut work.own_id, kind, order),
        (None, None) => {
            work.identify_by_content(cells, &mut touch);
        }
    }
    work.identify(cells, &mut touch);
    who.commit(cells, &channel, work, out);
    out.touches.push(touch);
    Ok(())
}

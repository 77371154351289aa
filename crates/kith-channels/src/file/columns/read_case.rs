//! A row that says what a customer wanted answered: a case with its clock, and the touch that opened it.
//!
//! The case is a record; if the row also names the person, the question or complaint stands in their timeline as a touch
//! `<kind>:<case number>` (a complaint unless a column says otherwise).

use kith_core::{Case, CompactString, Record, Refusal, Seriousness, TouchKind};

use super::Field;
use super::cells::Cells;
use super::own_id;
use super::read_touch::{attributes, bare};
use super::reader::{Work, Yield};
use super::who::Who;
use super::words;

pub fn read(cells: &Cells<'_>, work: &mut Work, out: &mut Yield) -> Result<(), Refusal> {
    let channel = work.channel(cells)?;
    let Some(number) = cells.key(&Field::CaseNumber)? else {
        return Err(cells.refuse(&Field::CaseNumber, "", "the case has no number"));
    };
    let Some(opened_at) = cells.time(&Field::OpenedAt)? else {
        return Err(cells.refuse(&Field::OpenedAt, "", "the row does not say when the case was opened"));
    };
    let (answered_at, resolved_at) = (cells.time(&Field::AnsweredAt)?, cells.time(&Field::ResolvedAt)?);
    if let Some(early) = [answered_at, resolved_at].into_iter().flatten().find(|at| *at < opened_at) {
        return Err(cells.refuse_row(&format!("the case was answered or resolved at {early}, before it was opened")));
    }
    let kind = if cells.text(&Field::Kind).is_empty() { TouchKind::Complaint } else { work.kind(cells)? };
    let word = cells.text(&Field::Seriousness);
    let seriousness = match word {
        "" => Seriousness::Ordinary,
        word => words::seriousness(word)
            .ok_or_else(|| cells.refuse(&Field::Seriousness, word, "say ordinary, money, law, health or safety"))?,
    };
    let order = cells.key(&Field::Order)?.map(|number| number.trim_start_matches('#').to_owned());
    let who = Who::of(cells, &channel, order.as_deref())?;
    let text = cells.long(&Field::Text)?;
    let subject = cells.string(&Field::Subject)?;
    let version = cells
        .version()?
        .or_else(|| [Some(opened_at), answered_at, resolved_at].into_iter().flatten().max().map(kith_core::Instant::micros));
    let version = version.unwrap_or(0).max(0);
    let case = Case {
        number: number.to_string(),
        identity: who.as_ref().map(Who::id),
        channel: channel.clone(),
        opened_at,
        answered_at,
        resolved_at,
        order: order.clone(),
        subject: subject.clone().unwrap_or_default(),
        text: text.clone().unwrap_or_default(),
        seriousness,
    };
    if let Some(who) = who {
        let mut touch = bare(cells, who.id(), Some(opened_at), kind, &channel);
        touch.order = order.map(CompactString::from);
        touch.text = text.or(subject);
        touch.attributes = attributes(cells, &who, &[])?;
        touch.version = version;
        own_id::of_numbered(&mut work.own_id, kind, &number);
        work.identify(cells, &mut touch);
        who.commit(cells, &channel, work, out);
        out.touches.push(touch);
    }
    out.records.push((version, Record::Case(case)));
    Ok(())
}

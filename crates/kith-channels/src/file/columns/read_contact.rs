//! A row that describes a person: identities, links, a profile, and what the person has allowed.
//!
//! A consent needs a time (a column, or else the time of the export): what was allowed at an unknown time cannot be set against what
//! was said later, so such a cell is kept in the profile and allows nothing.

use kith_core::{Channel, Consent, ConsentState, ContactProfile, Record, Refusal, clean};

use super::Field;
use super::cells::{Cells, SHORT};
use super::reader::{Work, Yield};
use super::who::Who;
use super::words;

pub fn read(cells: &Cells<'_>, work: &mut Work, out: &mut Yield) -> Result<(), Refusal> {
    let channel = work.channel(cells)?;
    let Some(who) = Who::of(cells, &channel, None)? else {
        return Err(cells.refuse_row("the row names nobody: no login, e-mail or phone"));
    };
    let mut profile = ContactProfile {
        name: cells.string(&Field::Name)?,
        gender: cells.string(&Field::Gender)?,
        city: cells.string(&Field::City)?,
        province: cells.string(&Field::Province)?,
        country: cells.string(&Field::Country)?,
        birthday: cells.day(&Field::Birthday)?,
        tags: tags(&cells.long(&Field::Tags)?.unwrap_or_default(), &[',', '，', ';', '；', '|', '、']),
        other: Vec::new(),
    };
    for (column, name) in &cells.rules.attributes {
        let text = cells.row.cell(*column).trim();
        if !words::says_nothing(text) {
            let text = clean(text, SHORT * 4).map_err(|error| cells.refuse_column(*column, text, &error.to_string()))?;
            profile.other.push((name.clone(), text));
        }
    }
    for field in [&Field::ReferredBy, &Field::Medium, &Field::Campaign] {
        if let Some(text) = cells.string(field)? {
            profile.other.push((field.to_string(), text));
        }
    }
    for (name, text) in &who.unread {
        profile.other.push(((*name).to_owned(), (*text).to_owned()));
    }
    let consents = consents(cells, &who, &channel, &mut profile)?;
    let version = cells.version()?.or(cells.rules.export_time.map(kith_core::Instant::micros)).unwrap_or(0).max(0);
    let identity = who.id();
    if profile != ContactProfile::default() {
        out.records.push((version, Record::Profile { identity, profile }));
    }
    out.records.extend(consents.into_iter().map(|consent| (version, Record::Consent(consent))));
    who.commit(cells, &channel, work, out);
    Ok(())
}

fn consents(cells: &Cells<'_>, who: &Who<'_>, channel: &Channel, profile: &mut ContactProfile) -> Result<Vec<Consent>, Refusal> {
    let at = cells.time(&Field::ConsentAt)?.or(cells.rules.export_time);
    let mut consents = Vec::new();
    for (column, purpose) in &cells.rules.consents {
        let text = cells.row.cell(*column).trim();
        if words::says_nothing(text) {
            continue;
        }
        let name = cells.rules.columns.get(*column).map_or("", String::as_str);
        let Some(yes) = words::yes(text) else {
            return Err(cells.refuse_column(*column, text, "say yes or no"));
        };
        let Some(at) = at else {
            profile.other.push((name.to_owned(), text.to_owned()));
            continue;
        };
        let state = if yes { ConsentState::Given } else { ConsentState::Withdrawn };
        // `news/sms`: a purpose on one channel only.
        let (purpose, of) = match purpose.split_once('/') {
            Some((purpose, of)) => (purpose, Channel::parse(of).ok()),
            None => (purpose.as_str(), None),
        };
        let evidence = format!("{name}: {text} ({channel})");
        consents.push(Consent { identity: who.id(), channel: of, purpose: purpose.to_owned(), state, at, evidence });
    }
    Ok(consents)
}

/// Words of a list in one cell, each once, in their order.
pub fn tags(text: &str, signs: &[char]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split(signs).map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

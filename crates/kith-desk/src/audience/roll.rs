//! The roll of contacts: everybody with stage, orders and channels, those seen last first, to be filtered and read page by page.

use std::collections::HashMap;

use kith_core::{ContactId, Instant, LifecycleRules, LifecycleStage};
use kith_lake::{ContactPage, ContactRow, LakeError, Session};

/// One contact on the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    pub row: ContactRow,
    /// Where we met, by name.
    pub channels: Vec<String>,
}

/// Every contact that a session knows.
#[derive(Debug, Default)]
pub struct Roll {
    contacts: Vec<Enrolled>,
    place: HashMap<ContactId, usize>,
}

/// Which contacts somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RollFilter {
    pub stage: Option<LifecycleStage>,
    pub channel: Option<String>,
}

/// Where a page ended: the next begins behind it, whoever came or went meanwhile.
pub type RollPlace = (Instant, ContactId);

impl Roll {
    /// Reads it. Costs one reading of all touches.
    pub async fn of(session: &Session, rules: LifecycleRules) -> Result<Self, LakeError> {
        let page = ContactPage { at: session.as_of(), rules, stage: None, limit: u32::MAX, offset: 0 };
        let rows = session.contact_list(&page).await?;
        let mut channels: HashMap<ContactId, Vec<String>> = HashMap::new();
        for (contact, channel) in session.contact_channels().await? {
            channels.entry(contact).or_default().push(channel);
        }
        let enrolled = rows.into_iter().map(|row| Enrolled { channels: channels.remove(&row.contact).unwrap_or_default(), row });
        Ok(Self::new(enrolled.collect()))
    }

    fn new(mut contacts: Vec<Enrolled>) -> Self {
        contacts.sort_by_key(|one| std::cmp::Reverse(key(one)));
        let place = contacts.iter().enumerate().map(|(place, one)| (one.row.contact, place)).collect();
        Self { contacts, place }
    }

    #[must_use]
    pub fn get(&self, contact: ContactId) -> Option<&Enrolled> {
        self.place.get(&contact).and_then(|place| self.contacts.get(*place))
    }

    /// At most `limit` contacts that fit, behind `after`, and where to go on if there are more.
    #[must_use]
    pub fn page(&self, filter: &RollFilter, after: Option<RollPlace>, limit: usize) -> (Vec<&Enrolled>, Option<RollPlace>) {
        let start = after.map_or(0, |after| self.contacts.partition_point(|one| key(one) >= after));
        let mut fitting = self.contacts[start..].iter().filter(|one| filter.fits(one));
        let page: Vec<&Enrolled> = fitting.by_ref().take(limit).collect();
        let next = if fitting.next().is_some() { page.last().map(|last| key(last)) } else { None };
        (page, next)
    }

    /// How many contacts fit.
    #[must_use]
    pub fn count(&self, filter: &RollFilter) -> usize {
        self.contacts.iter().filter(|one| filter.fits(one)).count()
    }
}

fn key(one: &Enrolled) -> RollPlace {
    (one.row.last_at, one.row.contact)
}

impl RollFilter {
    #[must_use]
    pub fn fits(&self, one: &Enrolled) -> bool {
        self.stage.is_none_or(|stage| one.row.stage == stage)
            && self.channel.as_ref().is_none_or(|channel| one.channels.contains(channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enrolled(contact: i64, last_second: i64, stage: LifecycleStage, channels: &[&str]) -> Enrolled {
        let at = Instant::from_seconds(last_second).unwrap();
        let row = ContactRow {
            contact: ContactId(contact),
            stage,
            first_at: at,
            last_at: at,
            touches: 1,
            orders: 0,
            last_order_at: None,
            minor: None,
        };
        Enrolled { row, channels: channels.iter().map(|channel| (*channel).to_owned()).collect() }
    }

    fn roll() -> Roll {
        use LifecycleStage::{Aware, Customer};
        Roll::new(vec![
            enrolled(1, 10, Aware, &["weibo"]),
            enrolled(2, 30, Customer, &["shop", "weibo"]),
            enrolled(3, 30, Aware, &["weibo"]),
            enrolled(4, 20, Customer, &["shop"]),
        ])
    }

    fn numbers(page: &[&Enrolled]) -> Vec<i64> {
        page.iter().map(|one| one.row.contact.0).collect()
    }

    #[test]
    fn pages_follow_each_other_without_a_gap_or_a_double() {
        let (roll, all) = (roll(), RollFilter::default());
        let (first, next) = roll.page(&all, None, 3);
        let (second, end) = roll.page(&all, next, 3);
        assert_eq!(numbers(&first), [3, 2, 4]);
        assert_eq!(numbers(&second), [1]);
        assert_eq!(end, None);
    }

    #[test]
    fn a_page_that_holds_the_last_contact_says_that_there_is_no_more() {
        let (_, next) = roll().page(&RollFilter::default(), None, 4);
        assert_eq!(next, None);
    }

    #[test]
    fn stage_and_channel_narrow_the_roll_together() {
        let filter = RollFilter { stage: Some(LifecycleStage::Customer), channel: Some("weibo".to_owned()) };
        let roll = roll();
        assert_eq!(numbers(&roll.page(&filter, None, 10).0), [2]);
        assert_eq!(roll.count(&filter), 1);
    }
}

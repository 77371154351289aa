//! Paths: the journeys of contacts as steps joined by ` > `, each with how many conversions it ended in.
//!
//! A journey is what a contact did since the previous order (and within the look-back) up to an order, or up to the end of the
//! window without one. Steps that repeat are kept: three reads on Weibo are three steps. The base of every attribution; counts
//! alone say nothing of causes.

use std::collections::HashMap;

use kith_core::Window;

use super::Group;
use crate::{LakeError, Session};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathQuery {
    pub window: Window,
    /// What a step is: a medium, channel, campaign, placement or account.
    pub steps: Group,
    /// How many days before an order a step may lie.
    pub look_back_days: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathRow {
    /// In order; empty for orders before which nothing is known.
    pub steps: Vec<String>,
    pub conversions: u64,
    /// Journeys by these steps that ended without an order.
    pub nulls: u64,
    /// Of the conversions, net of refunds, in minor units of the tenant's currency; orders in another count nothing here.
    pub minor: i64,
}

impl PathRow {
    /// `weibo > wechat-service`; `(nothing known)` for orders before which there is no touch with a source. That is another thing than
    /// `direct`, a source that somebody recorded.
    #[must_use]
    pub fn name(&self) -> String {
        if self.steps.is_empty() { "(nothing known)".to_owned() } else { self.steps.join(" > ") }
    }
}

/// One mark of a contact: `paths.sql` says how it is packed.
const ORDER: i64 = 65_535;
const CODES: i64 = 65_536;
const MILLIS_A_DAY: i64 = 86_400_000;

#[derive(Default)]
struct Counts(HashMap<Box<[u16]>, (u64, u64, i64)>);

struct Rules {
    from: i64,
    look_back: i64,
}

impl Counts {
    /// Cuts one contact's marks, each with its money, into journeys.
    fn add(&mut self, marks: &mut [(i64, i64)], rules: &Rules) {
        marks.sort_unstable();
        let mut open: Vec<(i64, u16)> = Vec::new();
        for (mark, minor) in marks.iter() {
            let (millis, code) = (mark.div_euclid(CODES), mark.rem_euclid(CODES));
            if code != ORDER {
                open.push((millis, code as u16));
                continue;
            }
            if millis >= rules.from {
                let path = open.iter().filter(|(at, _)| *at >= millis - rules.look_back).map(|(_, code)| *code).collect();
                let counts = self.0.entry(path).or_default();
                counts.0 += 1;
                counts.2 += minor;
            }
            open.clear();
        }
        let path: Box<[u16]> = open.iter().filter(|(at, _)| *at >= rules.from).map(|(_, code)| *code).collect();
        if !path.is_empty() {
            self.0.entry(path).or_default().1 += 1;
        }
    }
}

impl Session {
    /// Every path, those with most conversions first.
    pub async fn paths(&self, query: &PathQuery) -> Result<Vec<PathRow>, LakeError> {
        let look_back = i64::from(query.look_back_days) * MILLIS_A_DAY;
        let values = vec![
            ("since", query.window.from().plus_seconds(-look_back / 1_000).into()),
            ("until", query.window.until().into()),
            ("by", query.steps.as_str().into()),
        ];
        let names =
            self.ask("the steps of paths", include_str!("paths_steps.sql"), values.clone(), |row| row.text("step")).await?;
        if names.len() as i64 >= ORDER {
            let why = format!("journeys of {} different steps are too many: ask for media or channels", names.len());
            return Err(LakeError::Sql(why));
        }
        let mut values = values;
        values.push(("currency", self.currency().code().into()));
        let rules = Rules { from: query.window.from().micros().div_euclid(1_000), look_back };
        let (mut counts, mut marks) = (Counts::default(), Vec::new());
        self.ask("paths", include_str!("paths.sql"), values, |row| {
            marks.clear();
            row.integer_pairs("marks", "minors", &mut marks);
            counts.add(&mut marks, &rules);
        })
        .await?;
        let name = |code: &u16| names.get(usize::from(*code)).cloned().unwrap_or_default();
        let mut rows: Vec<PathRow> = counts
            .0
            .into_iter()
            .map(|(path, (conversions, nulls, minor))| PathRow {
                steps: path.iter().map(name).collect(),
                conversions,
                nulls,
                minor,
            })
            .collect();
        rows.sort_by(|a, b| {
            b.conversions.cmp(&a.conversions).then(b.minor.cmp(&a.minor)).then(b.nulls.cmp(&a.nulls)).then(a.steps.cmp(&b.steps))
        });
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(day: i64, code: i64) -> i64 {
        day * MILLIS_A_DAY * CODES + code
    }

    #[test]
    fn an_order_ends_a_journey_and_steps_after_it_begin_another() {
        let rules = Rules { from: 10 * MILLIS_A_DAY, look_back: 30 * MILLIS_A_DAY };
        let mut counts = Counts::default();
        let mut marks = vec![(mark(20, ORDER), 500), (mark(12, 1), 0), (mark(5, 0), 0), (mark(15, 1), 0), (mark(21, 2), 0)];
        counts.add(&mut marks, &rules);
        assert_eq!(counts.0[&Box::from([0_u16, 1, 1])], (1, 0, 500));
        assert_eq!(counts.0[&Box::from([2_u16])], (0, 1, 0));
    }

    #[test]
    fn an_order_before_the_window_cuts_but_does_not_count() {
        let rules = Rules { from: 10 * MILLIS_A_DAY, look_back: 30 * MILLIS_A_DAY };
        let mut counts = Counts::default();
        counts.add(&mut [(mark(3, 1), 0), (mark(4, ORDER), 9), (mark(11, ORDER), 7)], &rules);
        assert_eq!(counts.0.len(), 1);
        assert_eq!(counts.0[&Box::<[u16]>::from([])], (1, 0, 7));
    }
}

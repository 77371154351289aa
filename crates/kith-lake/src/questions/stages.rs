//! Lifecycle: the stage of every contact at an instant, how many are in each, and who went from which to which.

use kith_core::{Instant, LifecycleRules, LifecycleStage};

use crate::{LakeError, Session, Value};

const STAGES: &str = include_str!("stages.sql");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageCount {
    pub stage: LifecycleStage,
    pub contacts: u64,
}

/// So many contacts were in `before` at the one instant and in `after` at the other; `None` for those not yet known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageFlow {
    pub before: Option<LifecycleStage>,
    pub after: Option<LifecycleStage>,
    pub contacts: u64,
}

/// What `stages.sql` is asked with, all its parameters ending in `suffix`.
pub(super) fn values(rules: &LifecycleRules, at: Instant, currency: &str, suffix: &str) -> Vec<(String, Value)> {
    let days_before = |days: u32| at.plus_seconds(-i64::from(days) * 86_400).into();
    let number = |number: u32| Value::Int(i64::from(number));
    vec![
        (format!("at{suffix}"), at.into()),
        (format!("recent{suffix}"), days_before(rules.considering_days)),
        (format!("lapsed{suffix}"), days_before(rules.lapsed_days)),
        (format!("lapsed_order{suffix}"), days_before(rules.lapsed_customer_days)),
        ("considering".to_owned(), number(rules.considering_touches)),
        ("preferring".to_owned(), number(rules.preferring_touches)),
        ("repeat".to_owned(), number(rules.repeat_orders)),
        ("praises".to_owned(), number(rules.advocate_acts)),
        ("score".to_owned(), Value::Float(f64::from(rules.advocate_score))),
        ("currency".to_owned(), currency.into()),
    ]
}

/// `stages.sql` as part of a larger question, its instants named apart.
pub(super) fn part(suffix: &str) -> String {
    // The longer name first: `$lapsed` begins `$lapsed_order`.
    let lines = STAGES.lines().filter(|line| !line.starts_with("--"));
    let mut sql = lines.collect::<Vec<_>>().join("\n");
    for name in ["$lapsed_order", "$recent"] {
        sql = sql.replace(name, &format!("{name}{suffix}"));
    }
    sql = sql.replace("$lapsed THEN", &format!("$lapsed{suffix} THEN"));
    sql.replace("< $at\n", &format!("< $at{suffix}\n"))
}

fn stage(text: Option<String>) -> Option<LifecycleStage> {
    text.and_then(|text| LifecycleStage::parse(&text))
}

impl Session {
    /// Contacts in each stage just before `at`; a stage without contacts has no row.
    pub async fn stages(&self, at: Instant, rules: &LifecycleRules) -> Result<Vec<StageCount>, LakeError> {
        let sql = format!("SELECT stage, count(*) AS contacts FROM ({}) GROUP BY stage ORDER BY stage", part(""));
        let values = values(rules, at, self.currency().code(), "");
        let values = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let rows = self.ask("lifecycle", &sql, values, |row| (stage(row.maybe_text("stage")), row.count("contacts"))).await?;
        let mut counts: Vec<StageCount> =
            rows.into_iter().filter_map(|(stage, contacts)| Some(StageCount { stage: stage?, contacts })).collect();
        counts.sort_by_key(|count| count.stage);
        Ok(counts)
    }

    /// Who went from which stage to which between two instants.
    pub async fn stage_flows(
        &self,
        before: Instant,
        after: Instant,
        rules: &LifecycleRules,
    ) -> Result<Vec<StageFlow>, LakeError> {
        let sql = format!(
            "SELECT one.stage AS before, other.stage AS after, count(*) AS contacts
             FROM ({}) one FULL JOIN ({}) other ON one.contact = other.contact
             GROUP BY one.stage, other.stage",
            part("_before"),
            part("_after")
        );
        let mut all = values(rules, before, self.currency().code(), "_before");
        all.extend(
            values(rules, after, self.currency().code(), "_after").into_iter().filter(|(name, _)| name.ends_with("_after")),
        );
        let values = all.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let mut flows = self
            .ask("lifecycle flows", &sql, values, |row| StageFlow {
                before: stage(row.maybe_text("before")),
                after: stage(row.maybe_text("after")),
                contacts: row.count("contacts"),
            })
            .await?;
        flows.sort_by_key(|flow| (flow.before, flow.after));
        Ok(flows)
    }
}

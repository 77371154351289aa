//! The rules of the morning: facts in, actions out. No clock, no store.

use kith_core::{Claim, Day, Figure, Instant, Language, RoleFault, Unit};

use super::action::{Action, Morning, Rule};
use super::facts::{Facts, TodayRules, WellWhat};

/// Decides what to do this morning. `today` is the tenant's day of `as_of`.
#[must_use]
pub fn decide(facts: &Facts, rules: &TodayRules, today: Day, as_of: Instant, language: Language) -> Morning {
    let say = Say { language, as_of };
    let mut actions: Vec<Action> = [
        complaints(facts, &say),
        refused(facts, &say),
        behind(facts, &say),
        drifting(facts, rules, &say),
        unasked(facts, rules, &say),
        doubtful(facts, &say),
        accounts(facts, &say),
        planned(facts, rules, today, &say),
    ]
    .into_iter()
    .flatten()
    .collect();
    let held_back = actions.len().saturating_sub(rules.most);
    actions.truncate(rules.most);
    Morning { as_of, actions, held_back, went_well: went_well(facts, &say) }
}

/// How a rule speaks: in the tenant's language, as of an instant.
struct Say {
    language: Language,
    as_of: Instant,
}

impl Say {
    fn text(&self, en: String, zh: String) -> String {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    fn count(&self, value: u64, unit: Unit, en: &str, zh: &str) -> Figure {
        Figure::count(value, unit, &self.text(en.to_owned(), zh.to_owned()), self.as_of)
    }
}

fn complaints(facts: &Facts, say: &Say) -> Option<Action> {
    let first = facts.complaints.first()?;
    let n = facts.complaints_total;
    let hours = say.as_of.days_since(first.at) * 24.0;
    let evidence = facts.complaints.iter().map(|complaint| {
        let hours = say.as_of.days_since(complaint.at) * 24.0;
        say.text(
            format!(
                "{} on {}, waiting {hours:.0} h: “{}” (kith timeline {})",
                complaint.name,
                complaint.channel,
                short(&complaint.text),
                complaint.contact
            ),
            format!(
                "{}（{}），已等待 {hours:.0} 小时：“{}”（kith timeline {}）",
                complaint.name,
                complaint.channel,
                short(&complaint.text),
                complaint.contact
            ),
        )
    });
    Some(Action {
        rule: Rule::PublicComplaint,
        what: say.text(
            format!("Answer {n} public complaint{} that nobody has answered", plural(n)),
            format!("回复 {n} 条无人回应的公开投诉"),
        ),
        reason: say.text(
            format!(
                "Everybody can read them; the newest has waited {hours:.0} hours, and every hour more people see it unanswered."
            ),
            format!("所有人都看得到；最新一条已等待 {hours:.0} 小时，拖得越久看到的人越多。"),
        ),
        evidence: evidence.collect(),
        figure: say.count(
            n,
            Unit::Count,
            "complaints on public channels without a reply to the same person afterwards",
            "公开渠道上、其后没有回复过此人的投诉数",
        ),
        command: "kith today --rule public-complaint".to_owned(),
    })
}

fn refused(facts: &Facts, say: &Say) -> Option<Action> {
    let first = facts.refused.first()?;
    let n: u64 = facts.refused.iter().map(|refused| refused.rows).sum();
    let evidence = facts.refused.iter().map(|refused| {
        say.text(
            format!("{}: {} rows, mostly because {}", refused.file, refused.rows, refused.reason),
            format!("{}：{} 行，主要原因：{}", refused.file, refused.rows, refused.reason),
        )
    });
    Some(Action {
        rule: Rule::RefusedRows,
        what: say.text(format!("Put right {n} refused row{}", plural(n)), format!("更正 {n} 行未能导入的数据")),
        reason: say.text("What is refused is counted nowhere.".to_owned(), "未导入的行不计入任何数字。".to_owned()),
        evidence: evidence.collect(),
        figure: say.count(n, Unit::Count, "rows refused by imports that stand", "有效导入中被拒绝的行数"),
        command: format!("kith import {}", first.path),
    })
}

fn behind(facts: &Facts, say: &Say) -> Option<Action> {
    let first = facts.behind.first()?;
    let n = facts.behind.len() as u64;
    let evidence = facts.behind.iter().map(|behind| {
        let p = &behind.progress;
        say.text(
            format!(
                "{}: {:.0} of {:.0} {}, {:.0} were due by now (until {})",
                behind.campaign, p.reached, p.target, p.measure, p.due, p.by
            ),
            format!(
                "{}：{} 已达 {:.0}/{:.0}，按进度应达 {:.0}（截至 {}）",
                behind.campaign, p.measure, p.reached, p.target, p.due, p.by
            ),
        )
    });
    Some(Action {
        rule: Rule::CampaignUnderTarget,
        what: say.text(format!("Look at {n} campaign{} under target", plural(n)), format!("查看 {n} 个未达进度的活动")),
        reason: say.text(
            "There is still time to move money from the worst medium to the best.".to_owned(),
            "现在还来得及把预算从最差的媒体移到最好的媒体。".to_owned(),
        ),
        evidence: evidence.collect(),
        figure: Figure {
            value: Some(first.progress.reached),
            unit: Unit::Count,
            interval: None,
            n: first.progress.reached.max(0.0) as u64,
            claim: Claim::Measured,
            method: say.text(
                "counted as the campaign's own definition of success says; due = even growth from baseline to target".to_owned(),
                "按活动自己的成功定义统计；应达值按从基线到目标的匀速增长计算".to_owned(),
            ),
            as_of: say.as_of,
        },
        command: format!("kith ask campaign {}", first.campaign),
    })
}

fn drifting(facts: &Facts, rules: &TodayRules, say: &Say) -> Option<Action> {
    facts.drifting.first()?;
    let n = facts.drifting_total;
    let evidence = facts.drifting.iter().map(|one| {
        say.text(
            format!(
                "{}: {} orders, usually every {:.0} days, silent for {:.0} (kith timeline {})",
                one.name, one.orders, one.usual_gap_days, one.silent_days, one.contact
            ),
            format!(
                "{}：{} 单，通常每 {:.0} 天一单，已 {:.0} 天没有下单（kith timeline {}）",
                one.name, one.orders, one.usual_gap_days, one.silent_days, one.contact
            ),
        )
    });
    Some(Action {
        rule: Rule::AboutToLapse,
        what: say.text(format!("Write to {n} customer{} about to lapse", plural(n)), format!("联系 {n} 位即将流失的老客户")),
        reason: say.text(
            format!("They have been silent for more than {} times their usual gap; after that, few come back by themselves.", rules.lapse_factor),
            format!("他们沉默的时间已超过平时间隔的 {} 倍；再久就很少会自己回来。", rules.lapse_factor),
        ),
        evidence: evidence.collect(),
        figure: say.count(
            n,
            Unit::People,
            "customers whose days since the last order exceed the factor times the median of their own gaps, and who have not lapsed yet",
            "距上次下单天数超过本人间隔中位数乘以系数、且尚未流失的客户数",
        ),
        command: "kith today --rule about-to-lapse".to_owned(),
    })
}

fn unasked(facts: &Facts, rules: &TodayRules, say: &Say) -> Option<Action> {
    facts.unasked.first()?;
    let n = facts.unasked_total;
    let evidence = facts.unasked.iter().map(|one| {
        let days = say.as_of.days_since(one.delivered_at);
        let late = if one.late { say.text(", delivered late".to_owned(), "，晚到".to_owned()) } else { String::new() };
        say.text(
            format!("{}: order {} delivered {days:.0} days ago{late}", one.name, one.order),
            format!("{}：订单 {} 于 {days:.0} 天前送达{late}", one.name, one.order),
        )
    });
    Some(Action {
        rule: Rule::NeverAsked,
        what: say.text(format!("Ask {n} customer{} how it was", plural(n)), format!("问问 {n} 位收到货的客户用得怎么样")),
        reason: say.text(
            format!(
                "Their parcels came {} to {} days ago and nobody has asked. The relation must not end with the sale.",
                rules.ask_after_days, rules.ask_until_days
            ),
            format!("包裹在 {} 到 {} 天前送达，还没有人问过。关系不该止于成交。", rules.ask_after_days, rules.ask_until_days),
        ),
        evidence: evidence.collect(),
        figure: say.count(
            n,
            Unit::People,
            "customers with a delivery and, since then, no care, call or message from us and no review or survey of theirs",
            "已送达、此后我们没有关怀或联系、本人也没有评价的客户数",
        ),
        command: "kith today --rule never-asked".to_owned(),
    })
}

fn doubtful(facts: &Facts, say: &Say) -> Option<Action> {
    facts.proposals.first()?;
    let n = facts.proposals_total;
    Some(Action {
        rule: Rule::DoubtfulMerges,
        what: say.text(format!("Decide {n} doubtful merge{}", plural(n)), format!("判断 {n} 对可能是同一人的身份")),
        reason: say.text(
            "Kith does not dare to say whether they are one person; until you do, they are counted as two.".to_owned(),
            "系统不敢断定他们是不是同一个人；在你判断之前按两个人统计。".to_owned(),
        ),
        evidence: facts.proposals.iter().map(|proposal| format!("#{} {}", proposal.number, proposal.reason)).collect(),
        figure: say.count(
            n,
            Unit::Count,
            "proposals of the merge rules that no person has decided",
            "规则提出、尚无人判断的合并建议数",
        ),
        command: "kith merges".to_owned(),
    })
}

fn accounts(facts: &Facts, say: &Say) -> Option<Action> {
    let first = facts.accounts.first()?;
    let n = facts.accounts.len() as u64;
    let evidence = facts.accounts.iter().map(|account| {
        let fault = match &account.fault {
            RoleFault::NoRole => say.text("has no role".to_owned(), "没有角色".to_owned()),
            RoleFault::Conflicting(objectives) => say.text(
                format!("has {} roles: {}", objectives.len(), objectives.join(", ")),
                format!("有 {} 个角色：{}", objectives.len(), objectives.join("、")),
            ),
            RoleFault::Incomplete(part) => say.text(format!("has a role without {part}"), format!("角色缺少 {part}")),
        };
        format!("{}: {fault}", account.account)
    });
    Some(Action {
        rule: Rule::AccountWithoutRole,
        what: say.text(format!("Give {n} account{} one role", plural(n)), format!("给 {n} 个账号定下唯一的角色")),
        reason: say.text(
            "An account for everything speaks to nobody: one objective, one audience, one measure.".to_owned(),
            "什么都管的账号等于没有对象：一个目标、一类受众、一个衡量指标。".to_owned(),
        ),
        evidence: evidence.collect(),
        figure: say.count(
            n,
            Unit::Count,
            "accounts with no role, several, or an incomplete one",
            "没有角色、角色冲突或不完整的账号数",
        ),
        command: format!("kith account role {} --objective … --audience … --measure …", first.account),
    })
}

fn planned(facts: &Facts, rules: &TodayRules, today: Day, say: &Say) -> Option<Action> {
    let limit = today.plus(i64::from(rules.planned_days));
    if !facts.has_accounts || facts.next_planned.is_some_and(|day| day <= limit) {
        return None;
    }
    let evidence = match facts.next_planned {
        Some(day) => say.text(format!("the next step is planned for {day}"), format!("下一步安排在 {day}")),
        None => say.text("no step of any campaign lies ahead".to_owned(), "没有任何活动步骤排在后面".to_owned()),
    };
    Some(Action {
        rule: Rule::NothingPlanned,
        what: say.text(
            format!("Plan something for the next {} days", rules.planned_days),
            format!("为接下来 {} 天安排内容", rules.planned_days),
        ),
        reason: say.text(
            "An empty calendar is filled with nonsense on the day.".to_owned(),
            "日历空着，到那天就只会发废话。".to_owned(),
        ),
        evidence: vec![evidence],
        figure: say.count(0, Unit::Count, "steps planned for these days and not yet done", "这几天已安排且未完成的步骤数"),
        command: "kith plan FILE.toml".to_owned(),
    })
}

fn went_well(facts: &Facts, say: &Say) -> Vec<String> {
    let better = facts.well.iter().filter(|well| well.now > well.before);
    let lines = better.map(|well| {
        let (en, zh) = match well.what {
            WellWhat::Orders => ("orders", "订单"),
            WellWhat::NewCustomers => ("new customers", "新客户"),
            WellWhat::GoodReviews => ("reviews of 4 stars or more", "四星以上评价"),
            WellWhat::Referrals => ("referrals", "老客户推荐"),
        };
        say.text(
            format!("{} {en} in the last 7 days, {} in the 7 before", well.now, well.before),
            format!("近 7 天{zh} {}，再前 7 天 {}", well.now, well.before),
        )
    });
    lines.collect()
}

const fn plural(n: u64) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// The first sentence or so of what a stranger wrote, on one line.
fn short(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 { line } else { line.chars().take(59).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::facts::{AccountFault, CampaignBehind, Complaint, RefusedRows, WentWell};
    use super::*;
    use kith_core::{CampaignProgress, Channel, ContactId};

    fn now() -> Instant {
        Instant::parse("2026-11-21T01:00:00Z").unwrap()
    }

    fn morning(facts: &Facts, language: Language) -> Morning {
        decide(facts, &TodayRules::default(), Day::parse("2026-11-21").unwrap(), now(), language)
    }

    fn complaint() -> Complaint {
        Complaint {
            contact: ContactId(7),
            name: "小林".into(),
            channel: Channel::parse("weibo").unwrap(),
            at: Instant::parse("2026-11-20T23:00:00Z").unwrap(),
            text: "茶叶受潮了，客服不理人".into(),
        }
    }

    #[test]
    fn an_empty_store_has_nothing_to_do() {
        assert_eq!(morning(&Facts::default(), Language::En).actions, []);
    }

    #[test]
    fn a_public_complaint_stands_before_everything_else() {
        let facts = Facts {
            complaints: vec![complaint()],
            complaints_total: 1,
            accounts: vec![AccountFault { account: "tea".into(), fault: RoleFault::NoRole }],
            has_accounts: true,
            ..Facts::default()
        };
        let morning = morning(&facts, Language::Zh);
        assert_eq!(
            morning.actions.iter().map(|action| action.rule).collect::<Vec<_>>(),
            [Rule::PublicComplaint, Rule::AccountWithoutRole, Rule::NothingPlanned]
        );
        assert_eq!(morning.actions[0].what, "回复 1 条无人回应的公开投诉");
        assert!(morning.actions[0].evidence[0].contains("已等待 2 小时"));
        assert_eq!(morning.actions[0].command, "kith today --rule public-complaint");
    }

    #[test]
    fn a_step_in_three_days_is_no_gap_and_one_in_four_is() {
        let planned = |day: &str| Facts { has_accounts: true, next_planned: Some(Day::parse(day).unwrap()), ..Facts::default() };
        assert!(morning(&planned("2026-11-24"), Language::En).actions.is_empty());
        assert_eq!(morning(&planned("2026-11-25"), Language::En).actions[0].rule, Rule::NothingPlanned);
    }

    #[test]
    fn a_campaign_behind_says_what_was_due() {
        let day = Day::parse("2026-11-30").unwrap();
        let progress = CampaignProgress { measure: "orders".into(), target: 300.0, reached: 90.0, due: 200.0, by: day };
        let facts = Facts { behind: vec![CampaignBehind { campaign: "double-11".into(), progress }], ..Facts::default() };
        let action = &morning(&facts, Language::En).actions[0];
        assert_eq!(action.evidence, ["double-11: 90 of 300 orders, 200 were due by now (until 2026-11-30)"]);
    }

    #[test]
    fn no_more_than_seven_things_are_asked_of_a_person() {
        let refused = RefusedRows { import: 1, file: "a.csv".into(), rows: 3, path: "refused/1.csv".into(), reason: "x".into() };
        let facts = Facts {
            complaints: vec![complaint()],
            complaints_total: 1,
            refused: vec![refused],
            accounts: vec![AccountFault { account: "tea".into(), fault: RoleFault::NoRole }],
            has_accounts: true,
            ..Facts::default()
        };
        let rules = TodayRules { most: 2, ..TodayRules::default() };
        let morning = decide(&facts, &rules, Day::parse("2026-11-21").unwrap(), now(), Language::En);
        assert_eq!((morning.actions.len(), morning.held_back), (2, 2));
    }

    #[test]
    fn only_what_grew_went_well() {
        let well = vec![
            WentWell { what: WellWhat::Orders, now: 12, before: 9 },
            WentWell { what: WellWhat::Referrals, now: 1, before: 4 },
        ];
        let facts = Facts { well, ..Facts::default() };
        assert_eq!(morning(&facts, Language::En).went_well, ["12 orders in the last 7 days, 9 in the 7 before"]);
    }
}

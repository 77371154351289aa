//! The register of questions, and the one function by which a door asks any of them.

use kith_core::{Calendar, Day, Instant, Language, LifecycleRules, Window, WindowError};
use kith_lake::{Cut, Group, LakeError, Period, Session};

use super::answer::Answer;
use super::make::Make;
use super::{campaign, content, money, people, sales};
use crate::config::QuestionConfig;

/// A question that can be asked by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    pub name: &'static str,
    pub en: &'static str,
    pub zh: &'static str,
    /// By what it can be broken down, first by default.
    pub by: &'static str,
}

/// Every question, in the order in which an owner asks them.
pub const QUESTIONS: &[Question] = &[
    Question {
        name: "traffic",
        en: "reads, visits, clicks and scans, and the people behind them",
        zh: "阅读、访问、点击、扫码及其人数",
        by: "medium campaign placement account channel kind day week month",
    },
    Question {
        name: "leads",
        en: "people who left their details, by what brought them",
        zh: "线索，按来源",
        by: "medium campaign placement account channel day week month",
    },
    Question {
        name: "customers",
        en: "buyers, new and returning, by what brought them",
        zh: "买家：新客与回头客，按来源",
        by: "medium campaign placement account channel day week month",
    },
    Question {
        name: "revenue",
        en: "orders and money net of refunds, by what brought them",
        zh: "订单与净收入，按来源",
        by: "medium campaign placement account channel day week month",
    },
    Question {
        name: "cost",
        en: "cost beside visits, leads, orders and revenue: input and output",
        zh: "成本与访问、线索、订单、收入：投入产出",
        by: "medium campaign placement account",
    },
    Question {
        name: "efficiency",
        en: "reads, visits, leads and orders per medium, in the short and the long run",
        zh: "各媒体短期与长期的阅读→访问→线索→订单",
        by: "",
    },
    Question {
        name: "campaign",
        en: "the report of one campaign: what, where, when, growth, curve, best, worst, input and output",
        zh: "单个活动的报告",
        by: "",
    },
    Question {
        name: "new-and-returning",
        en: "new and returning customers and their money",
        zh: "新客与回头客及其金额",
        by: "month week day",
    },
    Question {
        name: "lifecycle", en: "how many contacts are in which stage", zh: "各生命周期阶段的联系人数", by: ""
    },
    Question {
        name: "lifecycle-flows",
        en: "who went from which stage to which, week by week",
        zh: "每周各阶段之间的流动",
        by: "",
    },
    Question {
        name: "cohorts",
        en: "customers by the month of their first order, and who came back when",
        zh: "按首单月份的客户群及留存",
        by: "",
    },
    Question {
        name: "top-posts",
        en: "posts by engagement rate, shrunk so that three readers do not win",
        zh: "按互动率排名的内容（已做收缩）",
        by: "",
    },
    Question {
        name: "order-to-review",
        en: "how late orders are reviewed beside those on time",
        zh: "晚到与准时订单的评价对比",
        by: "",
    },
    Question {
        name: "paths",
        en: "journeys to an order, with counts",
        zh: "到下单为止的路径及次数",
        by: "medium channel campaign placement account",
    },
    Question {
        name: "contacts",
        en: "contacts with their stage, last touch, orders and revenue",
        zh: "联系人列表：阶段、最近触点、订单、收入",
        by: "",
    },
];

/// What somebody asks, as typed; parsed here once for every door.
#[derive(Debug, Clone, Default)]
pub struct AskQuery {
    pub name: String,
    /// A campaign, or a stage for `contacts`.
    pub subject: Option<String>,
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// `medium`, `month`, or both with a comma.
    pub by: Option<String>,
    pub limit: Option<usize>,
}

#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("there is no question `{name}`{}`kith ask` lists them", hint(.near))]
    NoQuestion { name: String, near: Option<&'static str> },
    #[error("`{by}` is nothing to break {question} down by: use {known}")]
    By { by: String, question: &'static str, known: &'static str },
    #[error("which campaign? There are: {0}")]
    WhichCampaign(String),
    #[error("`{0}` is no stage: use aware, considering, preferring, customer, repeat, advocate or lapsed")]
    Stage(String),
    #[error(transparent)]
    Window(#[from] WindowError),
    #[error(transparent)]
    Lake(#[from] LakeError),
}

fn hint(near: &Option<&'static str>) -> String {
    near.map_or_else(|| ": ".to_owned(), |near| format!(": did you mean `{near}`? "))
}

/// What a question needs besides its session.
pub(super) struct Asking<'a> {
    pub session: &'a Session,
    pub make: Make,
    pub cut: Cut,
    pub query: &'a AskQuery,
    pub lifecycle: LifecycleRules,
    pub config: QuestionConfig,
}

/// Answers a question by its name.
pub async fn ask(
    session: &Session,
    query: &AskQuery,
    lifecycle: LifecycleRules,
    config: QuestionConfig,
    language: Language,
) -> Result<Answer, AskError> {
    let name = query.name.trim().to_lowercase();
    let Some(question) = QUESTIONS.iter().find(|question| question.name == name) else {
        return Err(AskError::NoQuestion { near: nearest(&name), name });
    };
    let make = Make { language, as_of: session.as_of() };
    let (period, group) = parse_by(query.by.as_deref(), question)?;
    let cut = Cut {
        window: window(query, session.calendar(), session.as_of())?,
        period,
        group,
        campaign: None,
        look_back_days: config.attribution_days,
    };
    let asking = Asking { session, make, cut, query, lifecycle, config };
    let mut answer = match question.name {
        "traffic" => sales::traffic(&asking).await?,
        "leads" => sales::leads(&asking).await?,
        "customers" => sales::customers(&asking).await?,
        "revenue" => sales::revenue(&asking).await?,
        "new-and-returning" => sales::new_and_returning(&asking).await?,
        "cost" => money::cost(&asking).await?,
        "efficiency" => money::efficiency(&asking).await?,
        "campaign" => campaign::report(&asking).await?,
        "lifecycle" => people::lifecycle(&asking).await?,
        "lifecycle-flows" => people::flows(&asking).await?,
        "cohorts" => people::cohorts(&asking).await?,
        "contacts" => people::contacts(&asking).await?,
        "top-posts" => content::top_posts(&asking).await?,
        "order-to-review" => content::order_to_review(&asking).await?,
        _ => content::paths(&asking).await?,
    };
    answer.from = query.from;
    answer.until = query.until;
    if let Some(limit) = query.limit.filter(|limit| answer.rows.len() > *limit) {
        let all = answer.rows.len();
        answer.rows.truncate(limit);
        answer.notes.push(make.say(&format!("{limit} of {all} rows are shown"), &format!("共 {all} 行，只显示 {limit} 行")));
    }
    Ok(answer)
}

/// From the first day asked for until the end of the last, never beyond the as-of.
fn window(query: &AskQuery, calendar: Calendar, as_of: Instant) -> Result<Window, WindowError> {
    let from = query.from.map_or(Instant::EARLIEST, |day| calendar.start(day));
    let until = query.until.map_or(as_of, |day| calendar.start(day.plus(1)).min(as_of));
    Window::new(from, until)
}

/// `month,medium` in any order; a question's first dimension where nothing is said.
fn parse_by(by: Option<&str>, question: &Question) -> Result<(Period, Group), AskError> {
    let known: Vec<&str> = question.by.split_whitespace().collect();
    let (mut period, mut group) = (Period::Whole, Group::Whole);
    let asked = by.unwrap_or_else(|| known.first().copied().unwrap_or_default());
    for part in asked.split(',').map(str::trim).filter(|part| !part.is_empty() && *part != "none") {
        let wrong = || AskError::By {
            by: part.to_owned(),
            question: question.name,
            known: if question.by.is_empty() { "nothing" } else { question.by },
        };
        if !known.contains(&part) {
            return Err(wrong());
        }
        if let Some(found) = Period::parse(part) {
            period = found;
        } else {
            group = Group::parse(part).ok_or_else(wrong)?;
        }
    }
    Ok((period, group))
}

/// The question whose name shares the most with what was typed.
fn nearest(name: &str) -> Option<&'static str> {
    let shared = |question: &&Question| question.name.chars().filter(|c| name.contains(*c)).count() * 2;
    let score = |question: &&Question| shared(question) as i64 - (question.name.len() as i64 - name.len() as i64).abs();
    let best = QUESTIONS.iter().max_by_key(score)?;
    (score(&best) > best.name.len() as i64 / 2).then_some(best.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_answered_with_a_proposal() {
        assert_eq!(nearest("revenu"), Some("revenue"));
        assert_eq!(nearest("trafic"), Some("traffic"));
        assert_eq!(nearest("xyz"), None);
    }

    #[test]
    fn a_question_is_broken_down_only_by_what_it_knows() {
        let revenue = QUESTIONS.iter().find(|question| question.name == "revenue").unwrap();
        assert_eq!(parse_by(Some("month, medium"), revenue).unwrap(), (Period::Month, Group::Medium));
        assert_eq!(parse_by(None, revenue).unwrap(), (Period::Whole, Group::Medium));
        assert_eq!(parse_by(Some("none"), revenue).unwrap(), (Period::Whole, Group::Whole));
        assert!(parse_by(Some("colour"), revenue).is_err());
    }
}

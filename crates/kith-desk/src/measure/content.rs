//! What was published and what came of it: posts, paths, and reviews of what was delivered.

use kith_core::{Claim, Unit};
use kith_lake::{Group, PathQuery};
use kith_stats::{BetaPrior, Sample, Trial, welch};

use super::answer::{Answer, Cell};
use super::asking::{AskError, Asking};
use super::make::LEVEL;

pub(super) async fn top_posts(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let make = asking.make;
    let posts = asking.session.posts(asking.cut.window, None).await?;
    let trial = |post: &kith_lake::PostRow| {
        let readers = post.reads.or(post.impressions)?;
        Some(Trial { hits: post.engagement().max(0.0) as u64, trials: readers.max(0.0) as u64 })
    };
    let trials: Vec<Trial> = posts.iter().filter_map(trial).collect();
    let prior = BetaPrior::fit(&trials);
    let figures = [
        make.column("rate", ("engagement rate", "互动率"), ("likes, reposts, comments, favourites and clicks per read (per impression where reads are not counted), shrunk towards the usual rate by an empirical-Bayes beta-binomial model; credible interval", "（赞、转发、评论、收藏、点击）÷ 阅读（无阅读数时 ÷ 曝光），按经验贝叶斯 beta-binomial 向平均收缩；可信区间"), Claim::Measured),
        make.column("readers", ("reads", "阅读"), ("the platform's latest count, else touches", "平台最新计数，否则按触点"), Claim::Measured),
        make.column("engagement", ("engagement", "互动"), ("likes, reposts, comments, favourites and clicks", "赞、转发、评论、收藏、点击"), Claim::Measured),
        make.column("reach", ("reach", "触达"), ("different people shown it, as the platform counts", "平台统计的触达人数"), Claim::Measured),
    ];
    let mut ranked: Vec<(f64, Vec<Cell>)> = posts
        .iter()
        .filter_map(|post| {
            let trial = trial(post)?;
            let rate = prior.as_ref().and_then(|prior| prior.rate(trial, LEVEL));
            let title = post.title.clone().unwrap_or_default();
            let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect();
            let reach = post.reach.map_or(Cell::Empty, |reach| make.people(&figures[3], reach as u64));
            let cells = vec![
                post.channel.as_str().into(),
                post.post.as_str().into(),
                title.into(),
                Cell::Day(asking.session.calendar().day(post.published_at)),
                make.estimate(&figures[0], rate, Unit::Share, trial.trials),
                make.count(&figures[1], trial.trials),
                make.count(&figures[2], trial.hits),
                reach,
            ];
            Some((rate.map_or(0.0, |rate| rate.low), cells))
        })
        .collect();
    // By the lower end of the interval: a post that few have read may be good, but it does not win on hope.
    // Equal rates keep the order of the question, so that the answer is the same every time.
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    let unread = posts.len() - ranked.len();
    let rows = ranked.into_iter().map(|(_, cells)| cells).collect();
    let names = [
        make.name("channel", "channel", "渠道"),
        make.name("post", "post", "内容"),
        make.name("title", "title", "标题"),
        make.name("published", "published", "发布"),
    ];
    let columns = names.into_iter().chain(figures).collect();
    let mut answer = make.answer("top-posts", ("Posts by engagement rate", "内容互动率排名"), columns, rows);
    if unread > 0 {
        answer.notes.push(make.say(
            &format!("{unread} posts have neither reads nor impressions and are left out"),
            &format!("{unread} 篇没有阅读数和曝光数，未列入"),
        ));
    }
    Ok(answer)
}

pub(super) async fn order_to_review(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let make = asking.make;
    let groups = asking.session.order_to_review(asking.cut.window).await?;
    let orders: u64 = groups.iter().map(|group| group.orders).sum();
    let figures = [
        make.column("orders", ("delivered orders", "已送达订单"), ("orders with a delivery and a promised time", "有送达与承诺时间的订单"), Claim::Measured),
        make.column("share", ("share", "占比"), ("of these orders, Wilson's interval", "占这些订单，Wilson 区间"), Claim::Measured),
        make.column("reviews", ("reviewed", "有评价"), ("orders with a score; the first review of each counts", "有评分的订单，取首次评价"), Claim::Measured),
        make.column("score", ("mean score", "平均分"), ("mean of first reviews; Student's interval; the difference: Welch's interval. Late orders differ in more than the delay", "首次评价均值，学生区间；差值为 Welch 区间。晚到订单的差别不止是晚到"), Claim::Correlated),
    ];
    let sample = |late: bool| {
        let group = groups.iter().find(|group| group.late == late)?;
        Some(Sample { n: group.reviews, mean: group.mean, variance: group.variance })
    };
    let mut rows: Vec<Vec<Cell>> = groups
        .iter()
        .map(|group| {
            let name = if group.late { make.say("late", "晚到") } else { make.say("on time", "准时") };
            let mean = Sample { n: group.reviews, mean: group.mean, variance: group.variance }.mean_interval(LEVEL);
            vec![
                name.into(),
                make.count(&figures[0], group.orders),
                make.share(&figures[1], group.orders, orders),
                make.count(&figures[2], group.reviews),
                make.estimate(&figures[3], mean, Unit::Points, group.reviews),
            ]
        })
        .collect();
    if let (Some(late), Some(on_time)) = (sample(true), sample(false)) {
        let difference = welch(&late, &on_time, LEVEL).map(|difference| difference.estimate);
        let name = make.say("late less on time", "晚到减准时");
        rows.push(vec![
            name.into(),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            make.estimate(&figures[3], difference, Unit::Points, late.n + on_time.n),
        ]);
    }
    let columns = [make.name("delivery", "delivery", "送达")].into_iter().chain(figures).collect();
    Ok(make.answer("order-to-review", ("From the order to the review", "从订单到评价"), columns, rows))
}

pub(super) async fn paths(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let make = asking.make;
    let steps = if asking.cut.group == Group::Whole { Group::Medium } else { asking.cut.group };
    let query = PathQuery { window: asking.cut.window, steps, look_back_days: asking.config.attribution_days };
    let currency = asking.session.currency();
    let method = (
        "touches with a source by one contact between two orders, none older than the look-back; repeats are kept; journeys without an order stand under nulls",
        "同一联系人两次下单之间有来源的触点，不超过回溯天数；保留重复；未下单的路径计入未转化",
    );
    let figures = [
        make.column("conversions", ("conversions", "转化"), method, Claim::Measured),
        make.column("value", ("value, net", "净额"), method, Claim::Measured),
        make.column("nulls", ("without order", "未转化"), method, Claim::Measured),
    ];
    let rows = asking.session.paths(&query).await?.into_iter().map(|row| {
        vec![
            row.name().into(),
            make.count(&figures[0], row.conversions),
            make.money(&figures[1], row.minor, currency, row.conversions),
            make.count(&figures[2], row.nulls),
        ]
    });
    let rows = rows.collect();
    let columns = [make.name("path", "path", "路径")].into_iter().chain(figures).collect();
    Ok(make.answer("paths", ("Paths to an order", "下单路径"), columns, rows))
}

//! The report of a campaign: every question of the essay (demand 3.3) by name, each with its answer.
//!
//! What was shown in which form, where, when and for how long; what grew in visits, leads and customers; how the curve rose and fell; which
//! media did best and worst; what went in and what came out; and whether it reached what it had set out to reach.

use kith_core::{Claim, Day, Window};
use kith_lake::{Cut, Group, Period};

use super::answer::{Answer, Cell, Column};
use super::asking::{AskError, Asking};
use super::make::Make;
use super::money::spent;

pub(super) async fn report(asking: &Asking<'_>) -> Result<Answer, AskError> {
    let session = asking.session;
    let campaigns = session.campaigns().await?;
    let asked = asking.query.subject.as_deref().unwrap_or_default();
    let planned = campaigns.iter().find(|campaign| campaign.id == asked);
    let calendar = session.calendar();
    let (first, last) = match (planned, session.campaign_span(asked).await?) {
        (Some(campaign), _) => (campaign.first, campaign.last),
        (None, Some((from, until))) => (calendar.day(from), calendar.day(until)),
        (None, None) => return Err(AskError::WhichCampaign(session.campaign_names().await?.join(", "))),
    };
    let until = calendar.start(last.plus(1)).min(asking.make.as_of);
    let window = Window::new(calendar.start(first), until)?;
    let mut report = Report { asking, make: asking.make, rows: Vec::new(), column: figure_column(asking.make) };
    report.content(asked, first, last).await?;
    report.growth(window, first, until).await?;
    report.curve(asked, window).await?;
    report.media(asked, window).await?;
    report.success(asked, planned, window).await?;
    let Report { rows, column, make, .. } = report;
    let columns = vec![make.name("question", "question", "问题"), make.name("answer", "answer", "回答"), column];
    let title = planned.map_or_else(|| asked.to_owned(), |campaign| campaign.name.clone());
    let mut answer = make.answer("campaign", ("", ""), columns, rows);
    answer.title = title;
    answer.notes.push(make.say(
        "growth beside the time before is no proof that the campaign did it: only contacts left out on purpose can show that",
        "与之前相比的增长并不证明是活动带来的：只有有意不触达的对照才能证明",
    ));
    Ok(answer)
}

fn figure_column(make: Make) -> Column {
    make.column(
        "figure",
        ("figure", "数值"),
        ("counted in the campaign's days; credit by last touch within 30 days", "按活动期间统计；按 30 天内最后触点归因"),
        Claim::Correlated,
    )
}

struct Report<'a> {
    asking: &'a Asking<'a>,
    make: Make,
    rows: Vec<Vec<Cell>>,
    column: Column,
}

impl Report<'_> {
    fn row(&mut self, question: (&str, &str), answer: String, figure: Cell) {
        self.rows.push(vec![self.make.say(question.0, question.1).into(), answer.into(), figure]);
    }

    /// What content, which form, where, when, how long.
    async fn content(&mut self, campaign: &str, first: Day, last: Day) -> Result<(), AskError> {
        let days = (last.0 - first.0).num_days() + 1;
        let when = self.make.say(&format!("{first} to {last}, {days} days"), &format!("{first} 至 {last}，共 {days} 天"));
        self.row(("When and how long?", "何时、多久？"), when, Cell::Empty);
        for placement in self.asking.session.placements(campaign).await? {
            let days = (placement.last.0 - placement.first.0).num_days() + 1;
            let parts = [placement.content, placement.form, placement.place].into_iter().filter(|part| !part.is_empty());
            let what = parts.collect::<Vec<_>>().join(" · ");
            let answer = self.make.say(
                &format!(
                    "{} ({}): {what}, {} to {}, {days} days",
                    placement.id, placement.medium, placement.first, placement.last
                ),
                &format!(
                    "{}（{}）：{what}，{} 至 {}，{days} 天",
                    placement.id, placement.medium, placement.first, placement.last
                ),
            );
            let cost = placement.cost.map_or(Cell::Empty, |(minor, currency)| self.make.money(&self.column, minor, currency, 1));
            self.row(("What content, which form, where?", "什么内容、何种形式、在哪里？"), answer, cost);
        }
        Ok(())
    }

    /// Growth in visits, leads and customers against the equally long time before.
    async fn growth(&mut self, window: Window, first: Day, until: kith_core::Instant) -> Result<(), AskError> {
        let calendar = self.asking.session.calendar();
        let days = (calendar.day(until.plus_seconds(-1)).0 - first.0).num_days() + 1;
        let before = Window::new(calendar.start(first.plus(-days)), window.from())?;
        let (now, then) = (self.came(window).await?, self.came(before).await?);
        let grown = [
            (("Growth in visits?", "访问增长？"), now.0, then.0),
            (("Growth in leads?", "线索增长？"), now.1, then.1),
            (("Growth in customers?", "客户增长？"), now.2, then.2),
        ];
        for (question, now, then) in grown {
            let change = if then > 0 { format!("{:+.0}%", (now as f64 / then as f64 - 1.0) * 100.0) } else { "–".to_owned() };
            let answer = self.make.say(
                &format!("{now} in these {days} days, {then} in the {days} before ({change})"),
                &format!("这 {days} 天 {now}，此前 {days} 天 {then}（{change}）"),
            );
            let figure = self.make.ratio(&self.column, now as f64, then as f64, now + then);
            self.row(question, answer, figure);
        }
        Ok(())
    }

    /// Visits, leads and buyers of the whole business in a window.
    async fn came(&self, window: Window) -> Result<(u64, u64, u64), AskError> {
        let cut = Cut::whole(window);
        let session = self.asking.session;
        let visits = session.traffic(&cut).await?.iter().map(|row| row.visits + row.clicks + row.scans).sum();
        let leads = session.leads(&cut).await?.iter().map(|row| row.leads).sum();
        let buyers = session.buyers(&cut).await?.iter().map(|row| row.buyers).sum();
        Ok((visits, leads, buyers))
    }

    /// The rising and the falling curve of the campaign's own visits.
    async fn curve(&mut self, campaign: &str, window: Window) -> Result<(), AskError> {
        let cut = Cut { campaign: Some(campaign.to_owned()), period: Period::Day, ..Cut::whole(window) };
        let days: Vec<(Day, u64)> = self
            .asking
            .session
            .traffic(&cut)
            .await?
            .into_iter()
            .filter_map(|row| Some((row.period?, row.reads + row.visits + row.clicks + row.scans)))
            .collect();
        let Some(&(peak, most)) = days.iter().max_by_key(|(day, count)| (*count, std::cmp::Reverse(*day))) else {
            self.row(
                ("The rising and the falling curve?", "上升与下降曲线？"),
                self.make.say("no touches of this campaign", "没有该活动的触点"),
                Cell::Empty,
            );
            return Ok(());
        };
        let half = |(_, count): &&(Day, u64)| *count * 2 >= most;
        let rise = days.iter().find(half).map_or(peak, |(day, _)| *day);
        let fall = days.iter().rev().find(half).map_or(peak, |(day, _)| *day);
        let answer = self.make.say(
            &format!("half of the peak is reached on {rise}, the peak on {peak}, and half again until {fall}"),
            &format!("{rise} 达到峰值一半，{peak} 达到峰值，{fall} 后跌破一半"),
        );
        self.row(("The rising and the falling curve?", "上升与下降曲线？"), answer, self.make.count(&self.column, most));
        Ok(())
    }

    /// The best and the worst medium, and all input beside all output.
    async fn media(&mut self, campaign: &str, window: Window) -> Result<(), AskError> {
        let asking = self.asking;
        let cut = Cut { campaign: Some(campaign.to_owned()), ..Cut::by(window, Group::Medium) };
        let home = asking.session.currency();
        let spent = spent(asking, &cut).await?;
        let sales = asking.session.sales(&cut).await?;
        let mut media: Vec<(String, u64, i64, f64)> = sales
            .iter()
            .filter(|row| row.currency.is_none_or(|currency| currency == home))
            .map(|row| {
                let name = row.part.clone().unwrap_or_else(|| "direct".to_owned());
                let cost = spent.get(&(name.clone(), home)).map_or(0.0, super::money::Spent::all);
                (name, row.orders, row.net(), cost)
            })
            .collect();
        for ((name, currency), cost) in &spent {
            if *currency == home && !media.iter().any(|(known, ..)| known == name) {
                media.push((name.clone(), 0, 0, cost.all()));
            }
        }
        // By what came back for each yuan; what cost nothing is judged by what it brought.
        let worth =
            |row: &(String, u64, i64, f64)| if row.3 > 0.0 { row.2 as f64 / row.3 } else { f64::MAX.min(row.2 as f64 * 1e6) };
        media.sort_by(|one, other| worth(other).total_cmp(&worth(one)).then_with(|| one.0.cmp(&other.0)));
        let line = |row: &(String, u64, i64, f64)| {
            let (net, cost) = (kith_core::Money::new(row.2, home), kith_core::Money::new(row.3.round() as i64, home));
            self.make.say(
                &format!("{}: {} orders, {net} for {cost}", row.0, row.1),
                &format!("{}：{} 单，{net}，花费 {cost}", row.0, row.1),
            )
        };
        let ends = [
            (("Which medium did best?", "哪个媒体最好？"), media.first()),
            (("Which medium did worst?", "哪个媒体最差？"), media.last()),
        ];
        let answers: Vec<_> =
            ends.into_iter().filter_map(|(question, row)| row.map(|row| (question, line(row), row.clone()))).collect();
        for (question, answer, row) in answers {
            let figure = self.make.ratio(&self.column, row.2 as f64, row.3, row.1);
            self.row(question, answer, figure);
        }
        let (net, orders): (i64, u64) = (media.iter().map(|row| row.2).sum(), media.iter().map(|row| row.1).sum());
        let cost: f64 = media.iter().map(|row| row.3).sum();
        let (out, put) = (kith_core::Money::new(net, home), kith_core::Money::new(cost.round() as i64, home));
        let answer = self
            .make
            .say(&format!("{put} went in, {out} came out of {orders} orders"), &format!("投入 {put}，{orders} 单产出 {out}"));
        self.row(("Input and output?", "投入与产出？"), answer, self.make.ratio(&self.column, net as f64, cost, orders));
        Ok(())
    }

    /// Whether it reached what it had set out to reach.
    async fn success(
        &mut self,
        campaign: &str,
        planned: Option<&kith_lake::CampaignFacts>,
        window: Window,
    ) -> Result<(), AskError> {
        let question = ("Did it reach its target?", "是否达成目标？");
        let Some((measure, target, day)) = planned.and_then(|plan| Some((plan.measure.clone()?, plan.target?, plan.target_day?)))
        else {
            self.row(question, self.make.say("it has no definition of success", "没有成功的定义"), Cell::Empty);
            return Ok(());
        };
        let session = self.asking.session;
        let cut = Cut { campaign: Some(campaign.to_owned()), ..Cut::whole(window) };
        let reached = match measure.as_str() {
            "orders" => session.sales(&cut).await?.iter().map(|row| row.orders as f64).sum(),
            "revenue" => {
                session.sales(&cut).await?.iter().map(|row| row.net() as f64).sum::<f64>()
                    / 10_f64.powi(session.currency().digits() as i32)
            }
            "leads" => session.leads(&cut).await?.iter().map(|row| row.leads as f64).sum(),
            "visits" => session.traffic(&cut).await?.iter().map(|row| row.visits as f64).sum(),
            other => {
                let answer = self.make.say(
                    &format!("{target} {other} until {day}: only a person can count this"),
                    &format!("{day} 前 {other} 达到 {target}：需人工统计"),
                );
                self.row(question, answer, Cell::Empty);
                return Ok(());
            }
        };
        let answer = self.make.say(
            &format!("{reached:.0} of {target:.0} {measure} (until {day})"),
            &format!("{measure} {reached:.0}，目标 {target:.0}（{day} 前）"),
        );
        self.row(question, answer, self.make.ratio(&self.column, reached, target, reached.max(0.0) as u64));
        Ok(())
    }
}

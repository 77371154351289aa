//! Small exports with the headers of the platforms: the same town, as a shop owner would download it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use kith_core::{Metric, TouchKind};

use super::super::insights::Tally;
use super::super::logins::{email, phone};
use super::super::words::{self, CITIES};
use super::sold::{Sold, orders};
use super::{Clock, ITEMS, Persona, Place, World, cell};

/// A platform's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// 微博数据助手: posts with their counts.
    WeiboPosts,
    /// 公众号内容分析: articles with their counts.
    WechatArticles,
    /// 淘宝/千牛: one row an order; telephone numbers are masked, as Taobao does.
    TaobaoOrders,
    /// 有赞: one row a line.
    YouzanOrders,
    /// Shopify: one row a line, the order's columns in its first row only.
    ShopifyOrders,
    /// WooCommerce (Advanced Order Export): one row a line.
    WoocommerceOrders,
    /// Google Analytics 4: sessions a day, source and campaign, below a preamble of comments.
    Ga4,
}

impl Dialect {
    pub const ALL: [Self; 7] = [
        Self::WeiboPosts,
        Self::WechatArticles,
        Self::TaobaoOrders,
        Self::YouzanOrders,
        Self::ShopifyOrders,
        Self::WoocommerceOrders,
        Self::Ga4,
    ];

    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::WeiboPosts => "weibo-posts.csv",
            Self::WechatArticles => "wechat-articles.csv",
            Self::TaobaoOrders => "taobao-orders.csv",
            Self::YouzanOrders => "youzan-orders.csv",
            Self::ShopifyOrders => "shopify-orders.csv",
            Self::WoocommerceOrders => "woocommerce-orders.csv",
            Self::Ga4 => "ga4-traffic.csv",
        }
    }

    const fn header(self) -> &'static str {
        match self {
            Self::WeiboPosts => "微博ID,发布时间,微博内容,阅读数,转发数,评论数,点赞数",
            Self::WechatArticles => "内容标题,发表时间,阅读次数,分享次数,收藏次数,点赞次数,留言条数,内容url",
            Self::TaobaoOrders => {
                "订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址,联系手机,订单创建时间,订单付款时间,发货时间,确认收货时间,宝贝标题,宝贝总数量,退款金额"
            }
            Self::YouzanOrders => {
                "订单号,订单状态,下单时间,付款时间,发货时间,交易成功时间,买家昵称,收货人,收货人手机号,商品名称,商品编码,商品数量,商品实际成交金额,订单实付金额,退款金额"
            }
            Self::ShopifyOrders => {
                "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Currency,Subtotal,Shipping,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing City,Billing Country,Phone,Cancelled at,Refunded Amount"
            }
            Self::WoocommerceOrders => {
                "Order Number,Order Status,Order Date,Paid Date,First Name (Billing),City (Billing),Country Code (Billing),Email (Billing),Phone (Billing),Order Refund Amount,Order Total Amount,SKU,Item Name,Quantity,Item Total"
            }
            Self::Ga4 => "Date,Session source / medium,Session campaign,Sessions,Key events,Total revenue",
        }
    }

    /// Writes the file of some contacts. Gives the number of rows below the header.
    pub fn write(self, world: &World, range: Range<u64>, out: &mut impl Write) -> io::Result<u64> {
        let mut rows = Rows { world, text: String::new(), count: 0 };
        match self {
            Self::WeiboPosts => rows.posts(&[Place::Weibo], range, weibo_post),
            Self::WechatArticles => rows.posts(&[Place::Subscription, Place::Service], range, article),
            Self::Ga4 => rows.traffic(range),
            _ => {
                rows.line(&[self.header().to_owned()], false);
                world.each_life(range, |person, life, _| {
                    for order in orders(world, person, life) {
                        rows.order(self, person, &order);
                    }
                });
                rows.count -= 1;
            }
        }
        out.write_all(rows.text.as_bytes())?;
        out.flush()?;
        Ok(rows.count)
    }
}

struct Rows<'a> {
    world: &'a World,
    text: String,
    count: u64,
}

impl Rows<'_> {
    fn line(&mut self, cells: &[String], quoted: bool) {
        for (n, text) in cells.iter().enumerate() {
            if n > 0 {
                self.text.push(',');
            }
            if quoted { cell(&mut self.text, text) } else { self.text.push_str(text) }
        }
        self.text.push('\n');
        self.count += 1;
    }

    fn posts(&mut self, places: &[Place], range: Range<u64>, row: fn(&World, usize, &Tally) -> Vec<String>) {
        let dialect = if places[0] == Place::Weibo { Dialect::WeiboPosts } else { Dialect::WechatArticles };
        let mut tally = Tally::default();
        self.world.each_life(range, |_, life, _| tally.count(self.world, life));
        self.line(&[dialect.header().to_owned()], false);
        for number in 0..self.world.posts.len() {
            if places.contains(&self.world.posts[number].place) {
                self.line(&row(self.world, number, &tally), true);
            }
        }
        self.count -= 1;
    }

    fn order(&mut self, dialect: Dialect, person: &Persona, order: &Sold) {
        let name = words::name(person.language, person.number, person.woman);
        let (city, province) = CITIES[person.city];
        let number = phone(self.world, person.number);
        let mobile = number.trim_start_matches("+86").to_owned();
        let stamps = [Some(order.placed), order.paid, order.shipped, order.delivered].map(local);
        let [placed, paid, shipped, delivered] = stamps;
        let state = match order {
            Sold { cancelled: Some(_), .. } => 0,
            Sold { delivered: Some(_), .. } => 3,
            Sold { shipped: Some(_), .. } => 2,
            _ => 1,
        };
        let (total, refunded) = (yuan(order.total), yuan(order.refunded));
        if dialect == Dialect::TaobaoOrders {
            let titles: Vec<&str> = order.lines.iter().map(|(item, ..)| ITEMS[*item].zh).collect();
            let count: u32 = order.lines.iter().map(|(_, count, _)| u32::from(*count)).sum();
            let masked = format!("{}****{}", &mobile[..3], &mobile[7..]);
            let state = ["交易关闭", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功"][state];
            let address = format!("{province} {city} **路**号");
            let row = [
                // Spreadsheets would round a long number, so Taobao writes it as a formula.
                format!("=\"{}\"", order.number),
                order.login.clone(),
                total.clone(),
                "0.00".to_owned(),
                total.clone(),
                if order.paid.is_some() { total } else { yuan(0) },
                state.to_owned(),
                name,
                address,
                format!("'{masked}"),
                placed,
                paid,
                shipped,
                delivered,
                titles.join("，"),
                count.to_string(),
                refunded,
            ];
            return self.line(&row, true);
        }
        for (n, (item, count, amount)) in order.lines.iter().enumerate() {
            let (item, first) = (&ITEMS[*item], n == 0);
            let only_first = |text: &str| if first { text.to_owned() } else { String::new() };
            let (count, amount_text) = (count.to_string(), yuan(*amount));
            let row = match dialect {
                Dialect::YouzanOrders => {
                    let state = ["交易关闭", "待发货", "商家已发货", "交易完成"][state];
                    let times = [placed.clone(), paid.clone(), shipped.clone(), delivered.clone()];
                    let mut row = vec![format!("E{}", order.number), state.to_owned()];
                    row.extend(times);
                    row.extend([
                        order.login.clone(),
                        name.clone(),
                        mobile.clone(),
                        item.zh.to_owned(),
                        item.sku.to_owned(),
                        count,
                        amount_text,
                        total.clone(),
                        refunded.clone(),
                    ]);
                    row
                }
                Dialect::ShopifyOrders => {
                    let zoned = |text: &str| only_first(&if text.is_empty() { String::new() } else { format!("{text} +0800") });
                    let money = if order.refunded >= order.total {
                        "refunded"
                    } else if order.refunded > 0 {
                        "partially_refunded"
                    } else if order.paid.is_some() {
                        "paid"
                    } else {
                        "pending"
                    };
                    let each = yuan(*amount / i64::from(count.parse::<u8>().unwrap_or(1).max(1)));
                    vec![
                        format!("#{}", order.number),
                        email(person.number),
                        only_first(money),
                        zoned(&paid),
                        only_first(if state >= 2 { "fulfilled" } else { "unfulfilled" }),
                        zoned(&shipped),
                        only_first("CNY"),
                        only_first(&total),
                        only_first("0.00"),
                        only_first(&total),
                        format!("{placed} +0800"),
                        count,
                        item.en.to_owned(),
                        each,
                        item.sku.to_owned(),
                        only_first(&name),
                        only_first(city),
                        only_first("CN"),
                        only_first(&number),
                        zoned(&local(order.cancelled)),
                        only_first(&refunded),
                    ]
                }
                _ => {
                    let state = ["Cancelled", "Processing", "Processing", "Completed"][state];
                    vec![
                        order.number.clone(),
                        state.to_owned(),
                        placed.clone(),
                        paid.clone(),
                        name.clone(),
                        city.to_owned(),
                        "CN".to_owned(),
                        email(person.number),
                        number.clone(),
                        refunded.clone(),
                        total.clone(),
                        item.sku.to_owned(),
                        item.en.to_owned(),
                        count,
                        amount_text,
                    ]
                }
            };
            self.line(&row, true);
        }
    }

    fn traffic(&mut self, range: Range<u64>) {
        let world = self.world;
        let mut days: BTreeMap<(String, &str, &str), (u64, u64, i64)> = BTreeMap::new();
        world.each_life(range, |_, life, _| {
            for happening in &life.happenings {
                if !matches!(happening.kind, TouchKind::Visit | TouchKind::Order) {
                    continue;
                }
                let Some((medium, placement)) = happening.via.map(|via| world.via(via)) else { continue };
                let date = local(Some(happening.at))[..10].replace('-', "");
                let sum = days
                    .entry((date, medium.as_str(), placement.map_or("(not set)", |placement| placement.campaign.as_str())))
                    .or_default();
                match happening.kind {
                    TouchKind::Order => {
                        sum.1 += 1;
                        sum.2 += happening.value.unwrap_or(0);
                    }
                    _ => sum.0 += 1,
                }
            }
        });
        let rule = "# ----------------------------------------";
        self.text = format!("{rule}\n# Traffic acquisition\n# One Leaf Tea\n# {}-{}\n{rule}\n", world.first, world.town.until);
        self.line(&[Dialect::Ga4.header().to_owned()], false);
        for ((date, medium, campaign), (sessions, events, revenue)) in days {
            let source = ga_source(medium);
            self.line(&[date, source, campaign.to_owned(), sessions.to_string(), events.to_string(), yuan(revenue)], true);
        }
        self.count -= 1;
    }
}

/// Google's way to name what it sees.
fn ga_source(medium: &str) -> String {
    match medium {
        "direct" => "(direct) / (none)".to_owned(),
        "organic-search" => "baidu / organic".to_owned(),
        "paid-search" => "baidu / cpc".to_owned(),
        "weibo" | "wechat-subscription" | "wechat-service" => format!("{medium} / social"),
        other => format!("{other} / referral"),
    }
}

fn weibo_post(world: &World, number: usize, tally: &Tally) -> Vec<String> {
    let planned = &world.posts[number];
    let count = |metric| tally.of_post(number, metric).to_string();
    let at = planned.post.published_at.map(|at| at.micros() / 1_000_000);
    let counts = [Metric::READS, Metric::REPOSTS, Metric::COMMENTS, Metric::LIKES].map(count);
    let mut row = vec![planned.post.external.clone(), local(at), planned.post.text.clone()];
    row.extend(counts);
    row
}

fn article(world: &World, number: usize, tally: &Tally) -> Vec<String> {
    let planned = &world.posts[number];
    let count = |metric| tally.of_post(number, metric).to_string();
    let at = planned.post.published_at.map(|at| at.micros() / 1_000_000);
    let counts = [Metric::READS, Metric::REPOSTS, Metric::FAVOURITES, Metric::LIKES, Metric::COMMENTS].map(count);
    let mut row = vec![planned.post.title.clone().unwrap_or_default(), local(at)];
    row.extend(counts);
    row.push(format!("https://mp.weixin.qq.com/s/sample-{}", planned.post.external));
    row
}

/// `2026-05-01 10:00:00` on Shanghai's clocks; nothing where nothing happened.
fn local(at: Option<i64>) -> String {
    let Some(at) = at else { return String::new() };
    let mut text = String::with_capacity(25);
    Clock::new().write(&mut text, at);
    text.truncate(19);
    text.replace('T', " ")
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::super::super::Town;
    use super::*;

    #[test]
    fn every_dialect_has_rows_as_wide_as_its_header() {
        let world = World::new(&Town { contacts: 600, ..Town::default() }).unwrap();
        for dialect in Dialect::ALL {
            let mut file = Vec::new();
            let rows = dialect.write(&world, 0..600, &mut file).unwrap();
            let text = String::from_utf8(file).unwrap();
            assert!(rows > 20, "{dialect:?} has {rows} rows");
            let width = |line: &str| {
                let mut quoted = false;
                1 + line
                    .chars()
                    .filter(|c| {
                        if *c == '"' {
                            quoted = !quoted;
                        }
                        *c == ',' && !quoted
                    })
                    .count()
            };
            let lines: Vec<&str> =
                text.lines().filter(|line| !line.starts_with('#') || dialect == Dialect::ShopifyOrders).collect();
            assert_eq!(lines.len() as u64, rows + 1, "{dialect:?}");
            assert!(lines.iter().all(|line| width(line) == width(dialect.header())), "{dialect:?}");
        }
    }
}

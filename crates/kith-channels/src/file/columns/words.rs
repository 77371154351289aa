//! The words that sources use for what we have a name for: kinds of touch, states of an order, media, yes and no.
//!
//! Chinese and English, as the exports of `docs/import-columns.md` write them. A mapping's own tables come first.

use kith_core::{Medium, Seriousness, TouchKind};

use super::mapping::OrderStatus;

/// Words for kinds of touch besides our own names of them.
const KINDS: &[(TouchKind, &[&str])] = &[
    (TouchKind::Impression, &["曝光", "展示", "展现", "view", "seen", "show"]),
    (TouchKind::Read, &["阅读", "查看", "打开", "open", "opened"]),
    (TouchKind::Visit, &["访问", "浏览", "进店", "到店", "session", "pageview", "page view", "page_view", "visited"]),
    (TouchKind::Click, &["点击", "clicked"]),
    (TouchKind::Scan, &["扫码", "扫描", "scanned", "qr", "qr scan"]),
    (TouchKind::Like, &["点赞", "赞", "喜欢", "liked"]),
    (TouchKind::Favourite, &["收藏", "favorite", "favourited", "bookmark", "saved", "save", "wishlist"]),
    (TouchKind::Repost, &["转发", "分享", "转评", "share", "shared", "retweet", "reblog", "forward"]),
    (TouchKind::Comment, &["评论", "留言", "commented"]),
    (TouchKind::Mention, &["提及", "提到", "@我", "@", "艾特", "mentioned"]),
    (TouchKind::Message, &["私信", "消息", "发消息", "dm", "direct message", "chat"]),
    (TouchKind::Reply, &["回复", "答复", "replied"]),
    (TouchKind::Follow, &["关注", "新增关注", "加粉", "subscribe", "subscribed", "followed"]),
    (TouchKind::Unfollow, &["取消关注", "取关", "脱粉", "unsubscribe", "unsubscribed", "unfollowed"]),
    (TouchKind::Lead, &["线索", "留资", "报名", "潜在客户", "mql", "contact form", "inquiry", "enquiry"]),
    (TouchKind::Signup, &["注册", "开户", "入会", "register", "registered", "registration", "sign up", "sign_up", "join"]),
    (TouchKind::Cart, &["加购", "加入购物车", "购物车", "add to cart", "add_to_cart", "addtocart"]),
    (TouchKind::Order, &["下单", "订单", "购买", "成交", "purchase", "purchased", "buy", "ordered"]),
    (TouchKind::OrderLine, &["订单明细", "商品明细", "line", "line item", "lineitem", "order line"]),
    (TouchKind::Payment, &["付款", "支付", "已付款", "paid", "pay"]),
    (TouchKind::Shipment, &["发货", "已发货", "shipped", "dispatch", "dispatched"]),
    (TouchKind::Delivery, &["签收", "收货", "确认收货", "送达", "delivered", "received"]),
    (TouchKind::Refund, &["退款", "退货", "refunded", "return", "returned"]),
    (TouchKind::Cancel, &["取消", "取消订单", "关闭", "cancelled", "canceled"]),
    (TouchKind::Review, &["评价", "好评", "中评", "差评", "晒单", "rating", "reviewed"]),
    (TouchKind::Survey, &["问卷", "调查", "调研", "nps"]),
    (TouchKind::Complaint, &["投诉", "抱怨", "维权", "complained"]),
    (TouchKind::Question, &["咨询", "提问", "问题", "询问", "consult"]),
    (TouchKind::Praise, &["表扬", "称赞", "感谢", "compliment"]),
    (TouchKind::Referral, &["推荐", "邀请", "转介绍", "老带新", "refer", "referred", "invite"]),
    (TouchKind::Sent, &["群发", "推送", "已发送", "发送", "send", "push"]),
    (TouchKind::Care, &["关怀", "回访", "维护"]),
    (TouchKind::Call, &["电话", "来电", "通话", "phone call", "called"]),
    (TouchKind::Coupon, &["优惠券", "领券", "用券", "voucher"]),
    (TouchKind::Note, &["备注", "记录"]),
];

/// What a word for a kind of touch means.
#[must_use]
pub fn kind(word: &str) -> Option<TouchKind> {
    let word = word.trim().to_lowercase();
    let own = || TouchKind::parse(&word.replace(['_', ' '], "-"));
    KINDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(kind, _)| *kind).or_else(own)
}

const STATUSES: &[(OrderStatus, &[&str])] = &[
    (
        OrderStatus::Unpaid,
        &[
            "等待买家付款",
            "待付款",
            "未付款",
            "待支付",
            "未支付",
            "pending",
            "pending payment",
            "unpaid",
            "created",
            "draft",
            "checkout-draft",
        ],
    ),
    (
        OrderStatus::Running,
        &[
            "交易成功",
            "交易完成",
            "已完成",
            "完成",
            "买家已付款",
            "已付款",
            "已支付",
            "等待卖家发货",
            "待发货",
            "买家已付款,等待卖家发货",
            "卖家已发货",
            "已发货",
            "卖家已发货,等待买家确认",
            "待收货",
            "已收货",
            "已签收",
            "卖家部分发货",
            "部分发货",
            "退款中",
            "待成团",
            "paid",
            "partially_paid",
            "partially paid",
            "authorized",
            "partially_refunded",
            "partially refunded",
            "fulfilled",
            "processing",
            "on-hold",
            "on hold",
            "completed",
            "complete",
            "shipped",
            "delivered",
            "approved",
            "invoiced",
        ],
    ),
    (
        OrderStatus::Closed,
        &[
            "交易关闭",
            "已关闭",
            "订单关闭",
            "已取消",
            "取消",
            "订单取消",
            "卖家取消",
            "买家取消",
            "付款以前,卖家或买家主动关闭交易",
            "超时关闭",
            "cancelled",
            "canceled",
            "closed",
            "failed",
            "voided",
            "expired",
            "unavailable",
            "trash",
            "refused",
        ],
    ),
    (OrderStatus::Refunded, &["已退款", "退款成功", "付款以后用户退款成功,交易自动关闭", "全额退款", "refunded"]),
];

/// How far an order is by the word of its source; `None` for a word that we do not know.
#[must_use]
pub fn status(word: &str) -> Option<OrderStatus> {
    let word = word.trim().to_lowercase().replace('，', ",");
    let word = word.strip_prefix("wc-").unwrap_or(&word);
    STATUSES.iter().find(|(_, words)| words.contains(&word)).map(|(status, _)| *status)
}

/// Words for media besides the names of the register.
const MEDIA: &[(&str, &[&str])] = &[
    ("direct", &["(none)", "none", "(direct)", "direct traffic", "direct_traffic", "(not set)", "直接访问", "直接"]),
    ("organic-search", &["organic", "organic search", "organic_search", "seo", "自然搜索", "免费搜索"]),
    (
        "paid-search",
        &["cpc", "ppc", "sem", "paid search", "paid_search", "paidsearch", "search ad", "付费搜索", "竞价", "关键词"],
    ),
    ("email", &["e-mail", "newsletter", "edm", "邮件", "电邮"]),
    ("sms", &["text message", "短信营销"]),
    ("outdoor", &["ooh", "billboard", "户外广告"]),
    ("tv", &["television", "电视广告"]),
    ("print", &["newspaper", "magazine", "报纸", "杂志"]),
    ("alliance", &["affiliate", "affiliates", "cps", "淘宝客", "淘客"]),
    ("social-ad", &["paid social", "paid_social", "paidsocial", "粉丝通", "朋友圈广告", "信息流"]),
    ("wechat-subscription", &["订阅号", "公众号", "微信公众号", "微信", "wechat"]),
    ("wechat-service", &["服务号", "微信服务号"]),
    ("weibo", &["新浪微博", "sina weibo"]),
    ("forum", &["bbs", "贴吧"]),
    ("answers", &["知乎", "zhihu", "百度知道"]),
    ("referral", &["word of mouth", "老客推荐", "朋友推荐", "老带新", "口碑"]),
    ("event", &["线下活动", "offline event"]),
    ("shop", &["门店", "店铺", "store"]),
];

/// The medium that a word stands for: the register's own names in both languages, the usual words of reports, or any short name.
#[must_use]
pub fn medium(word: &str) -> Option<Medium> {
    let lower = word.trim().to_lowercase();
    let by_word = MEDIA.iter().find(|(_, words)| words.contains(&lower.as_str())).map(|(name, _)| *name);
    let by_name = || {
        let named = |(_, english, chinese): &&(&str, &str, &str)| english.to_lowercase() == lower || *chinese == lower;
        Medium::REGISTER.iter().find(named).map(|(name, _, _)| *name)
    };
    match by_word.or_else(by_name) {
        Some(name) => Medium::parse(name).ok(),
        None => Medium::parse(&lower).ok(),
    }
}

/// Yes or no; `None` for anything else.
#[must_use]
pub fn yes(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "on" | "subscribed" | "given" | "opt-in" | "是" | "同意" | "允许" | "订阅" | "已订阅"
        | "接受" => Some(true),
        "no" | "n" | "false" | "0" | "off" | "unsubscribed" | "withdrawn" | "opt-out" | "not_subscribed" | "否" | "不同意"
        | "拒绝" | "退订" | "未订阅" | "不接受" => Some(false),
        _ => None,
    }
}

/// How serious a case is.
#[must_use]
pub fn seriousness(word: &str) -> Option<Seriousness> {
    match word.trim().to_lowercase().as_str() {
        "ordinary" | "normal" | "low" | "medium" | "普通" | "一般" | "低" | "中" => Some(Seriousness::Ordinary),
        "money" | "refund" | "资金" | "退款" | "钱款" => Some(Seriousness::Money),
        "law" | "legal" | "法律" | "维权" => Some(Seriousness::Law),
        "health" | "健康" | "食品安全" => Some(Seriousness::Health),
        "safety" | "urgent" | "安全" | "人身安全" => Some(Seriousness::Safety),
        _ => None,
    }
}

/// What exports write into a cell that is empty.
#[must_use]
pub fn says_nothing(cell: &str) -> bool {
    // The longest of the words below has 19 bytes, and nearly every cell that says something begins with none of their signs.
    match cell.as_bytes() {
        [] => true,
        [b'-' | b'n' | b'N' | b'#' | b'\\' | b'0' | b'<' | b'(' | 0x80.., ..] if cell.len() <= 19 => matches!(
            cell,
            "-" | "--"
                | "---"
                | "—"
                | "——"
                | "－"
                | "–"
                | "N/A"
                | "n/a"
                | "#N/A"
                | "NA"
                | "na"
                | "NaN"
                | "nan"
                | "null"
                | "NULL"
                | "Null"
                | "None"
                | "\\N"
                | "<NA>"
                | "(null)"
                | "(blank)"
                | "nil"
                | "NaT"
                | "无"
                | "暂无"
                | "空"
                | "未填写"
                | "0000-00-00"
                | "0000-00-00 00:00:00"
        ),
        _ => false,
    }
}

/// The first cell of a row of sums.
#[must_use]
pub fn is_total(cell: &str) -> bool {
    cell.len() <= 15
        && matches!(
            cell,
            "合计"
                | "总计"
                | "小计"
                | "总和"
                | "汇总"
                | "合计："
                | "总计："
                | "合计:"
                | "总计:"
                | "Total"
                | "Totals"
                | "TOTAL"
                | "total"
                | "totals"
                | "Grand total"
                | "Grand Total"
                | "Subtotal"
                | "Sum"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_words_for_what_people_do_are_known() {
        for (word, want) in [
            ("转发", TouchKind::Repost),
            ("赞", TouchKind::Like),
            ("取关", TouchKind::Unfollow),
            ("扫码", TouchKind::Scan),
            ("下单", TouchKind::Order),
            ("好评", TouchKind::Review),
            (" Order_Line ", TouchKind::OrderLine),
            ("complaint", TouchKind::Complaint),
        ] {
            assert_eq!(kind(word), Some(want), "{word}");
        }
        assert_eq!(kind("跳舞"), None);
    }

    #[test]
    fn no_word_means_two_things() {
        let kinds: Vec<&str> = KINDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let statuses: Vec<&str> = STATUSES.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let media: Vec<&str> = MEDIA.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        for words in [kinds, statuses, media] {
            let once: std::collections::BTreeSet<&str> = words.iter().copied().collect();
            assert_eq!(once.len(), words.len());
        }
    }

    #[test]
    fn media_of_reports_become_those_of_the_register() {
        for (word, want) in [
            ("organic", "organic-search"),
            ("CPC", "paid-search"),
            ("(none)", "direct"),
            ("公众号", "wechat-subscription"),
            ("户外", "outdoor"),
            ("Search keywords", "paid-search"),
            ("my own", "my-own"),
        ] {
            assert_eq!(medium(word).unwrap().as_str(), want, "{word}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_nothing() {
        for cell in ["", "-", "N/A", "无", "暂无", "null", "0000-00-00 00:00:00"] {
            assert!(says_nothing(cell), "{cell}");
        }
        assert!(!says_nothing("0") && !says_nothing("无糖") && !says_nothing("-5"));
    }
}

-- Orders, buyers and money per period, group and ($apart) currency; cancelled orders count for nothing, refunds are taken off.
-- An order that names no source has that of its contact's last touch which names one, in the $look_back microseconds before
-- ($lookup says whether that is needed). A buyer is new where the order is the first ever.
WITH sold AS (
    SELECT order_no, contact, placed_at, minor, currency,
           CASE WHEN refund_currency = currency THEN refunded ELSE 0 END AS refunded,
           channel, medium, campaign, placement, account,
           min(placed_at) OVER (PARTITION BY contact) AS first_at
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at < $until
), wanted AS (
    SELECT * FROM sold WHERE placed_at >= $from
), sources AS (
    SELECT wanted.order_no,
           last_value(t.medium ORDER BY t.at, t.touch_id) AS medium,
           last_value(t.campaign ORDER BY t.at, t.touch_id) AS campaign,
           last_value(t.placement ORDER BY t.at, t.touch_id) AS placement,
           last_value(t.account ORDER BY t.at, t.touch_id) AS account
    FROM wanted
    JOIN touches t ON t.contact = wanted.contact
    WHERE $lookup AND wanted.medium IS NULL
      AND t.at >= $since AND t.at < $until AND t.at <= wanted.placed_at AND CAST(t.at AS BIGINT) >= CAST(wanted.placed_at AS BIGINT) - $look_back
      AND (t.medium IS NOT NULL OR t.campaign IS NOT NULL OR t.placement IS NOT NULL)
      AND t.kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply',
                     'follow', 'lead', 'signup', 'cart', 'survey', 'question', 'praise', 'referral')
    GROUP BY wanted.order_no
), sourced AS (
    SELECT wanted.contact, wanted.placed_at, wanted.first_at, wanted.minor, wanted.currency, wanted.refunded, wanted.channel,
           coalesce(wanted.medium, sources.medium, 'direct') AS medium,
           coalesce(wanted.campaign, sources.campaign) AS campaign,
           coalesce(wanted.placement, sources.placement) AS placement,
           coalesce(wanted.account, sources.account) AS account
    FROM wanted LEFT JOIN sources ON wanted.order_no = sources.order_no
), people AS (
    SELECT CASE WHEN $period = 'day' THEN day_of(placed_at) WHEN $period = 'week' THEN week_of(placed_at)
                WHEN $period = 'month' THEN month_of(placed_at) END AS period,
           CASE WHEN $by = 'medium' THEN medium WHEN $by = 'campaign' THEN campaign WHEN $by = 'placement' THEN placement
                WHEN $by = 'account' THEN account WHEN $by = 'channel' THEN channel END AS part,
           CASE WHEN $apart THEN currency END AS currency, contact,
           count(*) AS orders, count(minor) AS priced, bool_or(placed_at = first_at) AS new,
           sum(minor) AS minor, sum(refunded) AS refunded,
           sum(minor - coalesce(refunded, 0)) FILTER (WHERE placed_at = first_at) AS new_minor
    FROM sourced
    WHERE $campaign = '' OR campaign = $campaign
    GROUP BY 1, 2, 3, contact
)
SELECT period, part, currency, sum(orders) AS orders, sum(priced) AS priced, count(*) AS buyers, count(*) FILTER (WHERE new) AS new_buyers,
       coalesce(sum(minor), 0) AS minor, coalesce(sum(refunded), 0) AS refunded, coalesce(sum(new_minor), 0) AS new_minor
FROM people
GROUP BY period, part, currency
ORDER BY period, minor DESC, orders DESC, part, currency

-- Orders, buyers and money per period, group and ($apart) currency; cancelled orders count for nothing, refunds are taken off.
-- An order that names no source has that of its contact's last touch which names one, in the $look_back microseconds before
-- ($lookup says whether that is needed). A buyer is new where the order is the first ever.
-- wanted_orders is what sales_wanted.sql gives: computed once, read twice.
WITH sources AS (
    SELECT wanted.contact, wanted.placed_at,
           last_value(CASE WHEN $by = 'medium' THEN t.medium WHEN $by = 'campaign' THEN t.campaign WHEN $by = 'placement' THEN t.placement
                           WHEN $by = 'account' THEN t.account END ORDER BY t.at, t.touch_id) AS part,
           last_value(CASE WHEN $campaign <> '' THEN t.campaign END ORDER BY t.at, t.touch_id) AS campaign
    FROM wanted_orders wanted
    JOIN touches t ON t.contact = wanted.contact
    WHERE $lookup AND wanted.traced
      AND t.at >= $since AND t.at < $until AND t.at <= wanted.placed_at AND CAST(t.at AS BIGINT) >= CAST(wanted.placed_at AS BIGINT) - $look_back
      AND (t.medium IS NOT NULL OR t.campaign IS NOT NULL OR t.placement IS NOT NULL)
      AND t.kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply',
                     'follow', 'lead', 'signup', 'cart', 'survey', 'question', 'praise', 'referral')
    -- Two orders of one contact at one instant have one source.
    GROUP BY wanted.contact, wanted.placed_at
), sourced AS (
    SELECT wanted.contact, wanted.placed_at, wanted.first_at, wanted.minor, wanted.currency, wanted.refunded,
           coalesce(wanted.part, CASE WHEN wanted.traced THEN sources.part END, CASE WHEN $by = 'medium' THEN 'direct' END) AS part,
           coalesce(wanted.campaign, CASE WHEN wanted.traced THEN sources.campaign END) AS campaign
    FROM wanted_orders wanted
    LEFT JOIN sources ON wanted.contact = sources.contact AND wanted.placed_at = sources.placed_at
), people AS (
    SELECT CASE WHEN $period = 'day' THEN day_of(placed_at) WHEN $period = 'week' THEN week_of(placed_at)
                WHEN $period = 'month' THEN month_of(placed_at) END AS period,
           part,
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

-- Each contact's steps and orders as packed numbers: milliseconds since 1970 times 65,536, plus the number of the step (an order is
-- 65,535, so that it comes last of what happens at one instant). No text is compared or copied per row after the step has its number,
-- nothing is sorted here, and the grouping is by one whole number; the caller puts the few steps of each contact in order.
WITH names AS (
    SELECT DISTINCT CASE WHEN $by = 'channel' THEN channel WHEN $by = 'campaign' THEN campaign WHEN $by = 'placement' THEN placement
                         WHEN $by = 'account' THEN account ELSE medium END AS step
    FROM touches
    WHERE at >= $since AND at < $until
      AND kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply', 'follow', 'lead',
                   'signup', 'cart', 'survey', 'question', 'praise', 'referral')
), numbers AS (
    SELECT step, row_number() OVER (ORDER BY step) - 1 AS code FROM names WHERE step IS NOT NULL
), marks AS (
    SELECT t.contact, (CAST(t.at AS BIGINT) / 1000) * 65536 + CAST(numbers.code AS BIGINT) AS mark, CAST(NULL AS BIGINT) AS minor
    FROM touches t
    JOIN numbers ON numbers.step = CASE WHEN $by = 'channel' THEN t.channel WHEN $by = 'campaign' THEN t.campaign
                                        WHEN $by = 'placement' THEN t.placement WHEN $by = 'account' THEN t.account ELSE t.medium END
    WHERE t.at >= $since AND t.at < $until
      AND t.kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply', 'follow',
                     'lead', 'signup', 'cart', 'survey', 'question', 'praise', 'referral')
    UNION ALL
    SELECT contact, (CAST(placed_at AS BIGINT) / 1000) * 65536 + 65535,
           CASE WHEN currency = $currency THEN minor - CASE WHEN refund_currency = currency THEN refunded ELSE 0 END ELSE 0 END
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at >= $since AND placed_at < $until
)
SELECT array_agg(mark) AS marks, array_agg(coalesce(minor, 0)) AS minors
FROM marks
GROUP BY contact

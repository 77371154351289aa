-- The lifecycle stage of each contact known before $at, by the rules of kith_core::LifecycleRules, tried from the last to the first.
-- What a person does counts, not what is shown or sent to them; somebody who did nothing yet is followed from their first touch.
WITH acts AS (
    SELECT contact, min(at) AS first_at, max(at) AS last_at, count(*) AS touches,
           max(at) FILTER (WHERE kind NOT IN ('impression', 'shipment', 'delivery', 'refund', 'cancel', 'sent', 'care', 'call', 'coupon', 'note'))
               AS own_at,
           count(*) FILTER (WHERE at >= $recent AND kind IN ('visit', 'click', 'scan', 'question', 'message')) AS looks,
           count(*) FILTER (WHERE kind IN ('cart', 'lead', 'signup')) AS wishes,
           count(*) FILTER (WHERE kind IN ('referral', 'praise') OR (kind = 'review' AND score >= $score)) AS praises
    FROM touches
    WHERE at < $at
    GROUP BY contact
), bought AS (
    SELECT contact, count(*) AS orders, max(placed_at) AS last_order_at,
           sum(minor - CASE WHEN refund_currency = currency THEN refunded ELSE 0 END) FILTER (WHERE currency = $currency) AS minor
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at < $at
    GROUP BY contact
)
SELECT acts.contact AS contact, first_at, last_at, touches, coalesce(orders, 0) AS orders, last_order_at, minor,
       CASE WHEN orders > 0 AND last_order_at < $lapsed_order THEN 'lapsed'
            WHEN orders IS NULL AND coalesce(own_at, first_at) < $lapsed THEN 'lapsed'
            WHEN orders > 0 AND praises >= $praises THEN 'advocate'
            WHEN orders >= $repeat THEN 'repeat'
            WHEN orders > 0 THEN 'customer'
            WHEN wishes > 0 OR looks >= $preferring THEN 'preferring'
            WHEN looks >= $considering THEN 'considering'
            ELSE 'aware' END AS stage
FROM acts LEFT JOIN bought ON acts.contact = bought.contact

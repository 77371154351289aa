-- What there was in the seven days before $until, and in the seven before those.
WITH first_orders AS (
    SELECT contact, min(placed_at) AS at FROM orders WHERE NOT cancelled AND contact IS NOT NULL GROUP BY contact
), happened AS (
    SELECT 'orders' AS what, placed_at AS at FROM orders WHERE NOT cancelled
    UNION ALL SELECT 'new-customers', at FROM first_orders
    UNION ALL SELECT 'good-reviews', at FROM touches WHERE kind = 'review' AND score >= 4 AND at >= $before AND at < $until
    UNION ALL SELECT 'referrals', at FROM touches WHERE kind = 'referral' AND at >= $before AND at < $until
)
SELECT what,
       count(*) FILTER (WHERE at >= $week AND at < $until) AS now,
       count(*) FILTER (WHERE at >= $before AND at < $week) AS earlier
FROM happened
GROUP BY what
ORDER BY what

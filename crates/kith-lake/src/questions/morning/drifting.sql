-- Customers whose time since the last order is longer than $factor times the median of their own gaps, and who have not lapsed yet.
WITH placed AS (
    SELECT contact, placed_at
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at < $until
), gaps AS (
    SELECT contact, placed_at,
           (CAST(placed_at AS BIGINT) - CAST(lag(placed_at) OVER (PARTITION BY contact ORDER BY placed_at) AS BIGINT)) / 86400000000.0 AS gap
    FROM placed
), rhythm AS (
    SELECT contact, count(*) AS orders, max(placed_at) AS last_at, median(gap) AS usual_gap
    FROM gaps
    GROUP BY contact
    HAVING count(*) >= $least
), silent AS (
    SELECT contact, orders, usual_gap, (CAST($until AS BIGINT) - CAST(last_at AS BIGINT)) / 86400000000.0 AS silent_days
    FROM rhythm
)
SELECT contact, orders, usual_gap, silent_days, count(*) OVER () AS total
FROM silent
WHERE usual_gap >= 1 AND silent_days > $factor * usual_gap AND silent_days < $lapsed
ORDER BY orders DESC, silent_days / usual_gap, contact
LIMIT $limit

-- Customers by the month of their first order, and how many of them ordered again in each later month.
WITH bought AS (
    SELECT contact, month_of(placed_at) AS month, month_of(min(placed_at) OVER (PARTITION BY contact)) AS cohort
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at < $as_of
)
SELECT cohort, month, count(DISTINCT contact) AS people
FROM bought
WHERE cohort >= $first AND cohort <= $last
GROUP BY cohort, month
ORDER BY cohort, month

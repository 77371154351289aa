-- Delivered orders of the window, on time and late (after the promised instant), with the score of the first review of each.
SELECT delivered_at > promised_at AS late, count(*) AS orders, count(score) AS reviews,
       coalesce(avg(score), 0) AS mean, coalesce(var_samp(score), 0) AS variance
FROM orders
WHERE NOT cancelled AND placed_at >= $from AND placed_at < $until AND delivered_at IS NOT NULL AND promised_at IS NOT NULL
GROUP BY delivered_at > promised_at
ORDER BY late

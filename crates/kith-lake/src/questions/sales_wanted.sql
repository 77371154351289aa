-- The orders of a window that count, each with when its contact first ordered at all.
WITH sold AS (
    SELECT contact, placed_at, minor, currency,
           CASE WHEN refund_currency = currency THEN refunded ELSE 0 END AS refunded,
           campaign,
           CASE WHEN $by = 'medium' THEN medium WHEN $by = 'campaign' THEN campaign WHEN $by = 'placement' THEN placement
                WHEN $by = 'account' THEN account WHEN $by = 'channel' THEN channel END AS part,
           -- An order that names its medium is not traced to an earlier touch.
           medium IS NULL AND $lookup AS traced,
           min(placed_at) OVER (PARTITION BY contact) AS first_at
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at < $until
)
SELECT * FROM sold WHERE placed_at >= $from

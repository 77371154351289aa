-- Customers whose parcel came between $from and $to, with no care, call or message from us and no review or survey of theirs since.
WITH delivered AS (
    SELECT contact, order_no, delivered_at, promised_at IS NOT NULL AND delivered_at > promised_at AS late,
           row_number() OVER (PARTITION BY contact ORDER BY delivered_at DESC, order_no) AS nth
    FROM orders
    WHERE contact IS NOT NULL AND NOT cancelled AND delivered_at >= $from AND delivered_at < $to
), asked AS (
    SELECT contact, max(at) AS last_at
    FROM touches
    WHERE kind IN ('care', 'call', 'sent', 'review', 'survey') AND at >= $from AND at < $until
    GROUP BY contact
)
SELECT delivered.contact, order_no, delivered_at, late, count(*) OVER () AS total
FROM delivered LEFT JOIN asked ON delivered.contact = asked.contact
WHERE nth = 1 AND (last_at IS NULL OR last_at < delivered_at)
ORDER BY late DESC, delivered_at DESC, delivered.contact
LIMIT $limit

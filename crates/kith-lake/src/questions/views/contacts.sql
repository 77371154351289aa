-- One row a contact: since when and until when we know of them, how much they did, what they bought (all currencies apart from money).
WITH seen AS (
    SELECT contact, min(at) AS first_at, max(at) AS last_at, count(*) AS touches
    FROM touches
    GROUP BY contact
), bought AS (
    SELECT contact, count(*) AS orders, min(placed_at) AS first_order_at, max(placed_at) AS last_order_at
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at IS NOT NULL
    GROUP BY contact
)
SELECT seen.contact, first_at, last_at, touches, coalesce(orders, 0) AS orders, first_order_at, last_order_at
FROM seen LEFT JOIN bought ON seen.contact = bought.contact

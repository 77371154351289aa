-- What `kith ask revenue --by medium,month` answers, written for DuckDB: orders put together from their parts, cancelled ones left out,
-- refunds taken off; an order that names no source has that of its contact's last touch within 30 days before.
-- Shanghai is 8 hours ahead all year. $files, $from, $until and $since (30 days before $from) are filled in.
WITH touches AS (
    SELECT * FROM read_parquet('$files')
), put_together AS (
    SELECT order_no,
           arg_max(identity, ("at", touch_id)) FILTER (WHERE kind = 'order') AS contact,
           arg_min(identity, ("at", touch_id)) FILTER (WHERE kind <> 'order' AND "at" IS NOT NULL) AS part_contact,
           min("at") FILTER (WHERE kind = 'order') AS placed_at,
           min("at") FILTER (WHERE kind IN ('order-line', 'payment')) AS part_at,
           arg_min(value, ("at", touch_id)) FILTER (WHERE kind = 'order' AND currency IS NOT NULL) AS said,
           arg_min(currency, ("at", touch_id)) FILTER (WHERE kind = 'order' AND value IS NOT NULL) AS said_currency,
           sum(value) FILTER (WHERE kind = 'payment' AND currency IS NOT NULL) AS paid,
           min(currency) FILTER (WHERE kind = 'payment' AND value IS NOT NULL) AS paid_currency,
           max(currency) FILTER (WHERE kind = 'payment' AND value IS NOT NULL) AS paid_other,
           sum(value) FILTER (WHERE kind = 'order-line' AND currency IS NOT NULL) AS lines,
           min(currency) FILTER (WHERE kind = 'order-line' AND value IS NOT NULL) AS lines_currency,
           max(currency) FILTER (WHERE kind = 'order-line' AND value IS NOT NULL) AS lines_other,
           sum(value) FILTER (WHERE kind = 'refund' AND currency IS NOT NULL) AS refunded,
           min(currency) FILTER (WHERE kind = 'refund' AND value IS NOT NULL) AS refund_currency,
           max(currency) FILTER (WHERE kind = 'refund' AND value IS NOT NULL) AS refund_other,
           bool_or(kind = 'cancel') AS cancelled,
           arg_min(medium, (kind <> 'order', "at", touch_id)) FILTER (WHERE kind IN ('order', 'order-line', 'payment')) AS medium
    FROM touches
    WHERE order_no IS NOT NULL
      AND kind IN ('order', 'order-line', 'payment', 'shipment', 'delivery', 'refund', 'cancel', 'review')
    GROUP BY order_no
), orders AS (
    SELECT order_no, coalesce(contact, part_contact) AS contact, coalesce(placed_at, part_at) AS placed_at, cancelled, medium,
           CASE WHEN said IS NOT NULL THEN said WHEN paid_currency = paid_other THEN paid
                WHEN lines_currency = lines_other THEN lines END AS minor,
           CASE WHEN said IS NOT NULL THEN said_currency WHEN paid_currency = paid_other THEN paid_currency
                WHEN lines_currency = lines_other THEN lines_currency END AS currency,
           CASE WHEN refund_currency = refund_other THEN refunded END AS refunded,
           CASE WHEN refund_currency = refund_other THEN refund_currency END AS refund_currency
    FROM put_together
), sold AS (
    SELECT *, min(placed_at) OVER (PARTITION BY contact) AS first_at
    FROM orders
    WHERE NOT cancelled AND contact IS NOT NULL AND placed_at < TIMESTAMPTZ '$until'
), wanted AS (
    SELECT * FROM sold WHERE placed_at >= TIMESTAMPTZ '$from'
), sources AS (
    SELECT wanted.order_no, arg_max(struct_pack(medium := t.medium), (t."at", t.touch_id)).medium AS medium
    FROM wanted JOIN touches t ON t.identity = wanted.contact
    WHERE wanted.medium IS NULL AND t."at" >= TIMESTAMPTZ '$since' AND t."at" < TIMESTAMPTZ '$until'
      AND t."at" <= wanted.placed_at AND t."at" >= wanted.placed_at - INTERVAL 30 DAY
      AND (t.medium IS NOT NULL OR t.campaign IS NOT NULL OR t.placement IS NOT NULL)
      AND t.kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply', 'follow',
                     'lead', 'signup', 'cart', 'survey', 'question', 'praise', 'referral')
    GROUP BY wanted.order_no
), people AS (
    SELECT date_trunc('month', make_timestamp(epoch_us(placed_at) + 28800000000)) AS period,
           coalesce(wanted.medium, sources.medium, 'direct') AS part, currency, contact,
           count(*) AS orders, bool_or(placed_at = first_at) AS new, sum(minor) AS minor,
           sum(CASE WHEN refund_currency = currency THEN refunded END) AS refunded
    FROM wanted LEFT JOIN sources USING (order_no)
    GROUP BY ALL
)
SELECT strftime(period, '%Y-%m-%d') AS period, part, currency, CAST(sum(orders) AS BIGINT) AS orders, count(*) AS buyers,
       count(*) FILTER (WHERE new) AS new_buyers, CAST(coalesce(sum(minor), 0) - coalesce(sum(refunded), 0) AS BIGINT) AS net
FROM people
GROUP BY ALL
ORDER BY period, part

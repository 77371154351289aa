-- One row an order, put together from its touches whatever file each came from (the rules are those of kith_core::OrderState).
--
-- contact, placed_at: from the order itself, else from its first dated line or payment; either may be unknown.
-- minor, currency: what the order says, else the sum of its payments, else the sum of its lines; amounts of several
-- currencies are not added. refunded is in refund_currency. medium, campaign, placement, account: as the order itself says.
-- score: of its first review. Leave out the cancelled ones: they count for nothing.
WITH parts AS (
    SELECT order_no, touch_id, contact, at, kind, channel, medium, campaign, placement, account, value, currency, promised_at, score,
           kind = 'order' AS placed,
           kind = 'payment' AND value IS NOT NULL AND currency IS NOT NULL AS paid,
           kind = 'order-line' AND value IS NOT NULL AND currency IS NOT NULL AS line,
           kind = 'refund' AND value IS NOT NULL AND currency IS NOT NULL AS back,
           kind IN ('order-line', 'payment') AND at IS NOT NULL AS dated,
           kind IN ('order', 'order-line', 'payment') AS ours
    FROM touches
    WHERE order_no IS NOT NULL
      AND kind IN ('order', 'order-line', 'payment', 'shipment', 'delivery', 'refund', 'cancel', 'review')
), put_together AS (
    SELECT order_no,
           last_value(contact ORDER BY at NULLS FIRST, touch_id) FILTER (WHERE placed) AS contact,
           first_value(contact ORDER BY at, touch_id) FILTER (WHERE dated) AS part_contact,
           min(at) FILTER (WHERE placed) AS placed_at,
           min(at) FILTER (WHERE dated) AS part_at,
           first_value(value ORDER BY at NULLS FIRST, touch_id)
               FILTER (WHERE placed AND value IS NOT NULL AND currency IS NOT NULL) AS said,
           first_value(currency ORDER BY at NULLS FIRST, touch_id)
               FILTER (WHERE placed AND value IS NOT NULL AND currency IS NOT NULL) AS said_currency,
           sum(value) FILTER (WHERE paid) AS paid,
           min(currency) FILTER (WHERE paid) AS paid_currency,
           max(currency) FILTER (WHERE paid) AS paid_other,
           sum(value) FILTER (WHERE line) AS lines,
           min(currency) FILTER (WHERE line) AS lines_currency,
           max(currency) FILTER (WHERE line) AS lines_other,
           sum(value) FILTER (WHERE back) AS refunded,
           min(currency) FILTER (WHERE back) AS refund_currency,
           max(currency) FILTER (WHERE back) AS refund_other,
           min(at) FILTER (WHERE kind = 'payment') AS paid_at,
           min(at) FILTER (WHERE kind = 'shipment') AS shipped_at,
           min(at) FILTER (WHERE kind = 'delivery') AS delivered_at,
           first_value(promised_at ORDER BY at NULLS FIRST, touch_id)
               FILTER (WHERE kind IN ('order', 'delivery') AND promised_at IS NOT NULL) AS promised_at,
           bool_or(kind = 'cancel') AS cancelled,
           first_value(score ORDER BY at NULLS FIRST, touch_id) FILTER (WHERE kind = 'review' AND score IS NOT NULL) AS score,
           first_value(channel ORDER BY placed DESC, at NULLS FIRST, touch_id) FILTER (WHERE ours) AS channel,
           first_value(medium ORDER BY placed DESC, at NULLS FIRST, touch_id) FILTER (WHERE ours AND medium IS NOT NULL) AS medium,
           first_value(campaign ORDER BY placed DESC, at NULLS FIRST, touch_id) FILTER (WHERE ours AND campaign IS NOT NULL) AS campaign,
           first_value(placement ORDER BY placed DESC, at NULLS FIRST, touch_id) FILTER (WHERE ours AND placement IS NOT NULL) AS placement,
           first_value(account ORDER BY placed DESC, at NULLS FIRST, touch_id) FILTER (WHERE ours AND account IS NOT NULL) AS account
    FROM parts
    GROUP BY order_no
)
SELECT order_no,
       coalesce(contact, part_contact) AS contact,
       coalesce(placed_at, part_at) AS placed_at,
       CASE WHEN said IS NOT NULL THEN said
            WHEN paid_currency = paid_other THEN paid
            WHEN lines_currency = lines_other THEN lines END AS minor,
       CASE WHEN said IS NOT NULL THEN said_currency
            WHEN paid_currency = paid_other THEN paid_currency
            WHEN lines_currency = lines_other THEN lines_currency END AS currency,
       CASE WHEN refund_currency = refund_other THEN refunded END AS refunded,
       CASE WHEN refund_currency = refund_other THEN refund_currency END AS refund_currency,
       paid_at, shipped_at, promised_at, delivered_at, cancelled, score, channel, medium, campaign, placement, account
FROM put_together

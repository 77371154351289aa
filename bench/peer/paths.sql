-- What `kith ask paths` answers, written for DuckDB: the journeys of contacts by medium, each up to an order or to the end of the
-- window; only steps within 30 days before the order count. Steps of one instant go by name, an order comes last.
WITH touches AS (
    SELECT * FROM read_parquet('$files')
), put_together AS (
    SELECT order_no,
           arg_max(identity, ("at", touch_id)) FILTER (WHERE kind = 'order') AS contact,
           arg_min(identity, ("at", touch_id)) FILTER (WHERE kind <> 'order' AND "at" IS NOT NULL) AS part_contact,
           min("at") FILTER (WHERE kind = 'order') AS placed_at,
           min("at") FILTER (WHERE kind IN ('order-line', 'payment')) AS part_at,
           arg_min(value, ("at", touch_id)) FILTER (WHERE kind = 'order' AND currency IS NOT NULL) AS said,
           sum(value) FILTER (WHERE kind = 'payment') AS paid,
           sum(value) FILTER (WHERE kind = 'order-line') AS lines,
           coalesce(sum(value) FILTER (WHERE kind = 'refund'), 0) AS refunded,
           bool_or(kind = 'cancel') AS cancelled
    FROM touches
    WHERE order_no IS NOT NULL
      AND kind IN ('order', 'order-line', 'payment', 'shipment', 'delivery', 'refund', 'cancel', 'review')
    GROUP BY order_no
), marks AS (
    SELECT identity AS contact, epoch_ms("at") AS ms, medium AS step, false AS sold, CAST(0 AS BIGINT) AS minor
    FROM touches
    WHERE medium IS NOT NULL AND "at" >= TIMESTAMPTZ '$since' AND "at" < TIMESTAMPTZ '$until'
      AND kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply', 'follow',
                   'lead', 'signup', 'cart', 'survey', 'question', 'praise', 'referral')
    UNION ALL
    SELECT coalesce(contact, part_contact), epoch_ms(coalesce(placed_at, part_at)), NULL, true,
           CAST(coalesce(said, paid, lines, 0) - refunded AS BIGINT)
    FROM put_together
    WHERE NOT cancelled AND coalesce(placed_at, part_at) >= TIMESTAMPTZ '$since' AND coalesce(placed_at, part_at) < TIMESTAMPTZ '$until'
), journeys AS (
    SELECT *, count(*) FILTER (WHERE sold)
                  OVER (PARTITION BY contact ORDER BY ms DESC, sold DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS journey
    FROM marks
), ends AS (
    SELECT contact, journey, bool_or(sold) AS won, max(ms) FILTER (WHERE sold) AS sold_ms, sum(minor) AS minor,
           list(struct_pack(ms := ms, step := step) ORDER BY ms, step) FILTER (WHERE NOT sold) AS steps
    FROM journeys
    GROUP BY contact, journey
), paths AS (
    SELECT won, minor,
           coalesce(array_to_string(list_transform(list_filter(steps, lambda s: s.ms >= CASE WHEN won THEN sold_ms - 2592000000
                                                                                          ELSE epoch_ms(TIMESTAMPTZ '$from') END),
                                                   lambda s: s.step), ' > '), '') AS path
    FROM ends
    WHERE NOT won OR sold_ms >= epoch_ms(TIMESTAMPTZ '$from')
)
SELECT path, count(*) FILTER (WHERE won) AS conversions, count(*) FILTER (WHERE NOT won) AS nulls,
       CAST(coalesce(sum(minor) FILTER (WHERE won), 0) AS BIGINT) AS minor
FROM paths
WHERE won OR path <> ''
GROUP BY path
ORDER BY conversions DESC, minor DESC, nulls DESC, path

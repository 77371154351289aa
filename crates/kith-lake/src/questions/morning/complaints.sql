-- Public complaints since $from to which nobody has replied: no reply, message, call or care from us to the same contact afterwards.
WITH complained AS (
    SELECT touch_id, contact, channel, at, text
    FROM touches
    WHERE kind = 'complaint' AND at >= $from AND at < $until
      AND channel IN ('weibo', 'bluesky', 'mastodon', 'community', 'feed')
), answered AS (
    SELECT contact, max(at) AS last_at
    FROM touches
    WHERE kind IN ('reply', 'sent', 'care', 'call', 'refund') AND at >= $from AND at < $until
    GROUP BY contact
)
SELECT complained.contact, channel, at, coalesce(text, '') AS text, count(*) OVER () AS total
FROM complained LEFT JOIN answered ON complained.contact = answered.contact
WHERE last_at IS NULL OR last_at < at
ORDER BY at DESC, touch_id
LIMIT $limit

-- Leads and sign-ups per period and group. A lead that names no source has that of its contact's last touch
-- which names one, in the $look_back microseconds before ($lookup says whether that is needed).
WITH won AS (
    SELECT touch_id, contact, at, channel, kind, medium, campaign, placement, account,
           min(at) OVER (PARTITION BY contact) AS first_at
    FROM touches
    WHERE at < $until AND kind IN ('lead', 'signup')
), wanted AS (
    SELECT * FROM won WHERE at >= $from
), sources AS (
    SELECT wanted.touch_id,
           last_value(t.medium ORDER BY t.at, t.touch_id) AS medium,
           last_value(t.campaign ORDER BY t.at, t.touch_id) AS campaign,
           last_value(t.placement ORDER BY t.at, t.touch_id) AS placement,
           last_value(t.account ORDER BY t.at, t.touch_id) AS account
    FROM wanted
    JOIN touches t ON t.contact = wanted.contact
    WHERE $lookup AND wanted.medium IS NULL
      AND t.at >= $since AND t.at < $until AND t.at <= wanted.at AND CAST(t.at AS BIGINT) >= CAST(wanted.at AS BIGINT) - $look_back
      AND (t.medium IS NOT NULL OR t.campaign IS NOT NULL OR t.placement IS NOT NULL)
      AND t.kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply',
                     'follow', 'cart', 'survey', 'question', 'praise', 'referral')
    GROUP BY wanted.touch_id
), sourced AS (
    SELECT wanted.contact, wanted.at, wanted.first_at, wanted.channel, wanted.kind,
           coalesce(wanted.medium, sources.medium, 'direct') AS medium,
           coalesce(wanted.campaign, sources.campaign) AS campaign,
           coalesce(wanted.placement, sources.placement) AS placement,
           coalesce(wanted.account, sources.account) AS account
    FROM wanted LEFT JOIN sources ON wanted.touch_id = sources.touch_id
), people AS (
    SELECT CASE WHEN $period = 'day' THEN day_of(at) WHEN $period = 'week' THEN week_of(at) WHEN $period = 'month' THEN month_of(at) END
               AS period,
           CASE WHEN $by = 'medium' THEN medium WHEN $by = 'campaign' THEN campaign WHEN $by = 'placement' THEN placement
                WHEN $by = 'account' THEN account WHEN $by = 'channel' THEN channel WHEN $by = 'kind' THEN kind END AS part,
           contact, count(*) AS leads, bool_or(at = first_at) AS new
    FROM sourced
    WHERE $campaign = '' OR campaign = $campaign
    GROUP BY 1, 2, contact
)
SELECT period, part, sum(leads) AS leads, count(*) AS people, count(*) FILTER (WHERE new) AS new_people
FROM people
GROUP BY period, part
ORDER BY period, leads DESC, part

-- What each post was read and answered: the platform's latest totals (or the sum of its daily counts), or our own touches where
-- these say more; the two are never added. Posts published in the window, or first heard of in it where the source gives no time.
WITH said AS (
    SELECT channel, post, metric, min(at) AS first_at,
           first_value(value ORDER BY at DESC, value DESC) FILTER (WHERE NOT daily) AS total,
           sum(value) FILTER (WHERE daily) AS days
    FROM insights
    WHERE post IS NOT NULL AND at < $as_of
    GROUP BY channel, post, metric
), counted AS (
    SELECT channel, post, min(first_at) AS first_at,
           max(CASE WHEN metric = 'reads' THEN coalesce(total, days) END) AS reads,
           max(CASE WHEN metric = 'impressions' THEN coalesce(total, days) END) AS impressions,
           max(CASE WHEN metric = 'reach' THEN coalesce(total, days) END) AS reach,
           max(CASE WHEN metric = 'likes' THEN coalesce(total, days) END) AS likes,
           max(CASE WHEN metric = 'reposts' THEN coalesce(total, days) END) AS reposts,
           max(CASE WHEN metric = 'comments' THEN coalesce(total, days) END) AS comments,
           max(CASE WHEN metric = 'favourites' THEN coalesce(total, days) END) AS favourites,
           max(CASE WHEN metric = 'clicks' THEN coalesce(total, days) END) AS clicks
    FROM said
    GROUP BY channel, post
), touched AS (
    SELECT channel, post, min(at) AS first_at,
           count(*) FILTER (WHERE kind = 'read') AS reads,
           count(*) FILTER (WHERE kind = 'impression') AS impressions,
           count(DISTINCT CASE WHEN kind IN ('read', 'impression') THEN contact END) AS reach,
           count(*) FILTER (WHERE kind = 'like') AS likes,
           count(*) FILTER (WHERE kind = 'repost') AS reposts,
           count(*) FILTER (WHERE kind = 'comment') AS comments,
           count(*) FILTER (WHERE kind = 'favourite') AS favourites,
           count(*) FILTER (WHERE kind = 'click') AS clicks
    FROM touches
    WHERE post IS NOT NULL AND at < $as_of
      AND kind IN ('read', 'impression', 'like', 'repost', 'comment', 'favourite', 'click')
    GROUP BY channel, post
), known AS (
    SELECT channel, external, min(published_at) AS published_at, min(account) AS account, min(campaign) AS campaign,
           min(coalesce(title, substr(text, 1, 60))) AS title
    FROM posts
    GROUP BY channel, external
), both AS (
    SELECT coalesce(c.channel, t.channel) AS channel, coalesce(c.post, t.post) AS post,
           coalesce(least(c.first_at, t.first_at), c.first_at, t.first_at) AS first_at,
           greatest(c.reads, t.reads) AS reads, greatest(c.impressions, t.impressions) AS impressions, greatest(c.reach, t.reach) AS reach,
           greatest(c.likes, t.likes) AS likes, greatest(c.reposts, t.reposts) AS reposts, greatest(c.comments, t.comments) AS comments,
           greatest(c.favourites, t.favourites) AS favourites, greatest(c.clicks, t.clicks) AS clicks
    FROM counted c FULL JOIN touched t ON c.channel = t.channel AND c.post = t.post
)
SELECT both.channel AS channel, both.post AS post, known.title AS title, known.account AS account,
       coalesce(known.published_at, both.first_at) AS published_at,
       CAST(reads AS DOUBLE) AS reads, CAST(impressions AS DOUBLE) AS impressions, CAST(reach AS DOUBLE) AS reach,
       CAST(coalesce(likes, 0) AS DOUBLE) AS likes, CAST(coalesce(reposts, 0) AS DOUBLE) AS reposts,
       CAST(coalesce(comments, 0) AS DOUBLE) AS comments, CAST(coalesce(favourites, 0) AS DOUBLE) AS favourites,
       CAST(coalesce(clicks, 0) AS DOUBLE) AS clicks
FROM both LEFT JOIN known ON both.channel = known.channel AND both.post = known.external
WHERE coalesce(known.published_at, both.first_at) >= $from AND coalesce(known.published_at, both.first_at) < $until
  AND ($campaign = '' OR known.campaign = $campaign)
ORDER BY channel, post

-- What was read and visited, by how many people, per period and group. $by and $period choose; '' takes every campaign.
WITH seen AS (
    SELECT CASE WHEN $period = 'day' THEN day_of(at) WHEN $period = 'week' THEN week_of(at) WHEN $period = 'month' THEN month_of(at) END
               AS period,
           CASE WHEN $by = 'medium' THEN coalesce(medium, 'direct') WHEN $by = 'campaign' THEN campaign
                WHEN $by = 'placement' THEN placement WHEN $by = 'account' THEN account
                WHEN $by = 'channel' THEN channel WHEN $by = 'kind' THEN kind END AS part,
           contact, kind
    FROM touches
    WHERE at >= $from AND at < $until AND kind IN ('read', 'visit', 'click', 'scan') AND ($campaign = '' OR campaign = $campaign)
)
SELECT period, part,
       count(*) FILTER (WHERE kind = 'read') AS reads,
       count(*) FILTER (WHERE kind = 'visit') AS visits,
       count(*) FILTER (WHERE kind = 'click') AS clicks,
       count(*) FILTER (WHERE kind = 'scan') AS scans,
       -- Grouping by people first would compare a text for each of them; counting them here compares numbers.
       count(DISTINCT contact) AS people,
       count(DISTINCT CASE WHEN kind <> 'read' THEN contact END) AS visitors
FROM seen
GROUP BY period, part
ORDER BY period, visits DESC, reads DESC, part

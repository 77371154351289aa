-- What became of the people a medium first reached in the window: who read, visited, left a lead, ordered, within
-- $short and $long microseconds of their first touch by that medium. Reads and visits are those by the medium; leads and orders may come any way.
-- Only people whose time is over ($short_over, $long_over: the last first touches that are followed long enough) are counted for it. A person whom two media reached counts for both.
WITH reached AS (
    SELECT medium, contact, min(at) AS first_at
    FROM touches
    WHERE medium IS NOT NULL AND at < $until
      AND kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply', 'follow',
                   'lead', 'signup', 'cart', 'survey', 'question', 'praise', 'referral')
    GROUP BY medium, contact
    HAVING min(at) >= $from
), acts AS (
    SELECT reached.medium, reached.contact, reached.first_at, t.at, t.kind = 'read' AS read, t.kind IN ('visit', 'click', 'scan') AS visit,
           t.kind IN ('lead', 'signup') AS lead, false AS bought
    FROM reached
    JOIN touches t ON t.contact = reached.contact
    WHERE t.at >= $from AND t.at < $horizon AND t.at >= reached.first_at
      AND t.kind IN ('read', 'visit', 'click', 'scan', 'lead', 'signup')
      AND (t.medium = reached.medium OR t.kind IN ('lead', 'signup'))
    UNION ALL
    SELECT reached.medium, reached.contact, reached.first_at, orders.placed_at, false, false, false, true
    FROM reached
    JOIN orders ON orders.contact = reached.contact
    WHERE NOT orders.cancelled AND orders.placed_at >= reached.first_at AND orders.placed_at < $horizon
    UNION ALL
    SELECT medium, contact, first_at, first_at AS at, false, false, false, false FROM reached
), runs AS (
    SELECT medium, contact, 'short' AS run, read, visit, lead, bought FROM acts
    WHERE first_at <= $short_over AND CAST(at AS BIGINT) < CAST(first_at AS BIGINT) + $short
    UNION ALL
    SELECT medium, contact, 'long' AS run, read, visit, lead, bought FROM acts
    WHERE first_at <= $long_over AND CAST(at AS BIGINT) < CAST(first_at AS BIGINT) + $long
), people AS (
    SELECT medium, run, contact,
           count(*) FILTER (WHERE read) AS reads, count(*) FILTER (WHERE visit) AS visits,
           count(*) FILTER (WHERE lead) AS leads, count(*) FILTER (WHERE bought) AS orders
    FROM runs
    GROUP BY medium, run, contact
)
SELECT medium, run, count(*) AS people, sum(reads) AS reads, sum(visits) AS visits, sum(orders) AS orders,
       count(*) FILTER (WHERE reads > 0) AS readers, count(*) FILTER (WHERE visits > 0) AS visitors,
       count(*) FILTER (WHERE leads > 0) AS leads, count(*) FILTER (WHERE orders > 0) AS buyers
FROM people
GROUP BY medium, run
ORDER BY medium, run DESC

-- What `kith ask traffic --by medium` answers, written for DuckDB: reads, visits, clicks and scans, and the people behind them.
WITH people AS (
    SELECT coalesce(medium, 'direct') AS part, identity,
           count(*) FILTER (WHERE kind = 'read') AS reads, count(*) FILTER (WHERE kind = 'visit') AS visits,
           count(*) FILTER (WHERE kind = 'click') AS clicks, count(*) FILTER (WHERE kind = 'scan') AS scans
    FROM read_parquet('$files')
    WHERE "at" >= TIMESTAMPTZ '$from' AND "at" < TIMESTAMPTZ '$until' AND kind IN ('read', 'visit', 'click', 'scan')
    GROUP BY ALL
)
SELECT part, CAST(sum(reads) AS BIGINT) AS reads, CAST(sum(visits) AS BIGINT) AS visits, CAST(sum(clicks) AS BIGINT) AS clicks,
       CAST(sum(scans) AS BIGINT) AS scans, count(*) AS people, count(*) FILTER (WHERE visits + clicks + scans > 0) AS visitors
FROM people
GROUP BY ALL
ORDER BY part

-- Costs that fall on any day from $first to $last (both inside), whole: the desk spreads each evenly over its days and cuts it.
-- A placement's own price counts where no cost names the placement.
WITH spent AS (
    SELECT first_day, last_day, kind, medium, campaign, placement, account, amount, currency, hours
    FROM costs
    UNION ALL
    SELECT first_day, last_day, 'media', medium, campaign, id, CAST(NULL AS VARCHAR), cost, currency, CAST(NULL AS DOUBLE)
    FROM placements
    WHERE cost IS NOT NULL AND id NOT IN (SELECT placement FROM costs WHERE placement IS NOT NULL)
)
SELECT CASE WHEN $by = 'medium' THEN medium WHEN $by = 'campaign' THEN campaign WHEN $by = 'placement' THEN placement
            WHEN $by = 'account' THEN account END AS part,
       first_day, last_day, kind, amount, currency, hours
FROM spent
WHERE last_day >= $first AND first_day <= $last AND ($campaign = '' OR campaign = $campaign)
ORDER BY part, first_day, last_day, kind, currency, amount

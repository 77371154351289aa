-- Touches of a day in the tenant's calendar, by kind, channel, medium and campaign.
SELECT day_of(at) AS day, kind, channel, medium, campaign, count(*) AS touches, count(DISTINCT contact) AS contacts
FROM touches
WHERE at IS NOT NULL
GROUP BY day_of(at), kind, channel, medium, campaign

-- The names of all steps of journeys in the window, in order.
SELECT DISTINCT CASE WHEN $by = 'channel' THEN channel WHEN $by = 'campaign' THEN campaign WHEN $by = 'placement' THEN placement
                     WHEN $by = 'account' THEN account ELSE medium END AS step
FROM touches
WHERE at >= $since AND at < $until
  AND kind IN ('read', 'visit', 'click', 'scan', 'like', 'favourite', 'repost', 'comment', 'mention', 'message', 'reply', 'follow', 'lead',
               'signup', 'cart', 'survey', 'question', 'praise', 'referral')
  AND CASE WHEN $by = 'channel' THEN channel WHEN $by = 'campaign' THEN campaign WHEN $by = 'placement' THEN placement
           WHEN $by = 'account' THEN account ELSE medium END IS NOT NULL
ORDER BY step

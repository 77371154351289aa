-- The load of the races: touches of a shop over 18 months, as a platform would export them, in the order of time.
--
-- 25 touches a person on average, few with many and many with few; each person comes under one login on one channel. One touch
-- in 20 is an order with its value; one in 12 says something in Chinese. Every value is a hash of the row's number, so the same
-- number of rows and the same version of DuckDB make the same file on every machine.
-- $rows is how many rows, $file where they go.
COPY (
    WITH dice AS (
        SELECT n,
               hash(n, 1) % 1000 AS what,
               hash(n, 2) % 1000 AS luck,
               hash(n, 3) AS pick,
               CAST(hash(n, 4) >> 1 AS BIGINT) AS words,
               -- A quarter of the people do half of what is done.
               CAST(floor(greatest($rows // 25, 1) * pow((hash(n, 5) % 1000003) / 1000003.0, 1.5)) AS BIGINT) AS person
        FROM range($rows) AS rows(n)
    ), touch AS (
        SELECT n, what, luck, pick, words, person,
               hash(person, 6) % 100 AS home,
               -- 548 days from 2025-05-01, evenly; what comes next in the file is never earlier.
               TIMESTAMP '2025-05-01 00:00:00' + to_seconds(CAST(floor(n * 47347200.0 / $rows) AS BIGINT)) AS "at",
               CASE WHEN what < 50 THEN 'order' WHEN what < 440 THEN 'read' WHEN what < 640 THEN 'visit' WHEN what < 720 THEN 'click'
                    WHEN what < 800 THEN 'like' WHEN what < 840 THEN 'repost' WHEN what < 900 THEN 'comment' WHEN what < 940 THEN 'cart'
                    WHEN what < 960 THEN 'follow' WHEN what < 975 THEN 'review' WHEN what < 985 THEN 'question'
                    WHEN what < 990 THEN 'complaint' WHEN what < 995 THEN 'praise' ELSE 'lead' END AS kind
        FROM dice
    ), sourced AS (
        SELECT *,
               CASE WHEN home < 45 THEN 'weibo' WHEN home < 65 THEN 'wechat-subscription' WHEN home < 90 THEN 'wechat-service' ELSE 'web' END
                   AS channel,
               -- Most orders do not say where the buyer came from: it must be traced to what the person did before.
               CASE WHEN kind = 'order' AND luck < 700 THEN NULL WHEN luck < 200 THEN NULL WHEN luck < 430 THEN 'weibo'
                    WHEN luck < 590 THEN 'wechat-subscription' WHEN luck < 710 THEN 'wechat-service' WHEN luck < 790 THEN 'paid-search'
                    WHEN luck < 860 THEN 'social-ad' WHEN luck < 910 THEN 'organic-search' WHEN luck < 950 THEN 'referral'
                    WHEN luck < 980 THEN 'portal-ad' ELSE 'email' END AS medium
        FROM touch
    )
    SELECT printf('t%d', n) AS id,
           strftime("at", '%Y-%m-%dT%H:%M:%S+08:00') AS "at",
           printf('茶友%07d', person) AS login,
           channel, kind, medium,
           CASE WHEN medium IS NOT NULL AND pick % 10 < 4
                THEN printf('campaign-%02d', month("at") + (pick // 10) % 2 * 12) END AS campaign,
           CASE WHEN medium IS NOT NULL AND pick % 10 < 4
                THEN printf('%s-%02d-%d', medium, month("at") + (pick // 10) % 2 * 12, (pick // 20) % 3) END AS placement,
           CASE WHEN kind IN ('read', 'click', 'like', 'repost', 'comment')
                THEN printf('%d', 5000000 + date_diff('day', DATE '2025-05-01', "at") * 3 + (pick // 100) % 3) END AS post,
           CASE WHEN kind = 'order' THEN printf('20%010d', n) END AS "order",
           CASE WHEN kind = 'order' THEN printf('%d.%02d', 19 + words % 580, (words // 580) % 10 * 10) END AS value,
           CASE WHEN kind = 'order' THEN 'CNY' END AS currency,
           CASE WHEN kind IN ('comment', 'review', 'question', 'complaint', 'praise') THEN
               ['今天', '昨天收到', '上个月买的', '朋友推荐的', '第一次买', '又回购了', '等了三天', '公司下午茶喝的'][1 + words % 8]
               || ['龙井', '铁观音', '普洱', '茉莉花茶', '白毫银针', '大红袍', '碧螺春', '桂花乌龙'][1 + (words // 8) % 8]
               || ['，很香', '，味道一般', '，包装有点旧', '，回甘明显', '，比去年贵了', '，送人很体面', '，泡三次就淡了', '，客服很耐心'][1 + (words // 64) % 8]
               || ['。', '！', '，什么时候再有活动？', '，怎么退货', ', thanks!', ' 🍵', '，说明写着"明前"，真的吗？', '，快递放在门口没通知'][1 + (words // 512) % 8]
           END AS text
    FROM sourced
) TO '$file' (FORMAT csv, HEADER)

-- Not shown: what the store holds at all, for the currency switch and the span of "all".
-- Grain: one row per currency; NULL where a side has no rows in it.
-- Reads: bi.v_marketing_daily.
SELECT
    currency,
    sum(revenue) AS revenue_sum,
    sum(spend) AS spend_sum,
    minOrNullIf(d, source = 'qtickets') AS first_sale,
    minOrNullIf(d, source = 'vk') AS first_ad
FROM bi.v_marketing_daily
GROUP BY currency
ORDER BY spend_sum DESC, revenue_sum DESC, currency

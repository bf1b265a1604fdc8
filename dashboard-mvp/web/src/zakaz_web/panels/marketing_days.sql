-- Panels: the KPI tiles, and revenue and spend per day, week or month.
-- Grain: one row per day of the period, or of the period before, that has sales or ads, for one
--   currency; tagged_revenue is that of sales that carry the tags of a campaign.
-- Reads: bi.v_marketing_daily.
SELECT
    d AS day,
    sum(spend) AS spend_sum,
    sum(revenue) AS revenue_sum,
    sum(impressions) AS impressions_sum,
    sum(clicks) AS clicks_sum,
    sum(orders) AS orders_sum,
    sum(tickets_sold) AS tickets_sum,
    sumIf(revenue, ad_plan_id != 'unknown') AS tagged_revenue
FROM bi.v_marketing_daily
WHERE currency = {currency:String}
    AND d <= {to:Date}
    AND (d >= {from:Date} OR (d >= {previous_from:Date} AND d <= {previous_to:Date}))
    AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
    AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, ad_plan_id))
GROUP BY day
ORDER BY day

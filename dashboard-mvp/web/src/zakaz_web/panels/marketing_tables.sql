-- Panels: campaigns, cities, events and UTM tags, the whole of the period in each.
-- Grain: one row per campaign, one per city, one per event, and one per source, medium, campaign and
--   content; a column that a row is not about is '', which no value of the view is.
-- Reads: bi.v_marketing_daily, once for all four.
SELECT
    ad_plan_id AS campaign_key,
    city AS city_key,
    event_id AS event_key,
    utm_source AS source_tag,
    utm_medium AS medium_tag,
    utm_campaign AS campaign_tag,
    utm_content AS content_tag,
    max(ad_plan_name) AS shown_campaign,
    max(event_name) AS shown_event,
    sum(spend) AS spend_sum,
    sum(revenue) AS revenue_sum,
    sum(impressions) AS impressions_sum,
    sum(clicks) AS clicks_sum,
    sum(orders) AS orders_sum,
    sum(tickets_sold) AS tickets_sum
FROM bi.v_marketing_daily
WHERE currency = {currency:String}
    AND d >= {from:Date}
    AND d <= {to:Date}
    AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
    AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, ad_plan_id))
GROUP BY
    GROUPING SETS (
        (ad_plan_id),
        (city),
        (event_id),
        (utm_source, utm_medium, utm_campaign, utm_content)
    )
ORDER BY campaign_key, city_key, event_key, source_tag, medium_tag, campaign_tag, content_tag

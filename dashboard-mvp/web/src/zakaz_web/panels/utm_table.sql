-- Panels: sales by source, by source and medium, by campaign, by content, by all five tags.
-- Grain: one row per value of the fields named in `by`, unknown where a tag is absent, for one currency;
--   a field not named is ''. compared_ is of the period's whole days, previous_ of as many days before.
-- Reads: bi.v_sales_utm_daily.
SELECT
    if(has({by:Array(String)}, 'source'), utm_source, '') AS source_key,
    if(has({by:Array(String)}, 'medium'), utm_medium, '') AS medium_key,
    if(has({by:Array(String)}, 'campaign'), utm_campaign, '') AS campaign_key,
    if(has({by:Array(String)}, 'content'), utm_content, '') AS content_key,
    if(has({by:Array(String)}, 'term'), utm_term, '') AS term_key,
    sumIf(orders, in_period) AS orders_sum,
    sumIf(tickets_sold, in_period) AS tickets_sum,
    sumIf(revenue, in_period) AS revenue_sum,
    sumIf(revenue, in_period AND d < {cut_day:Date}) AS compared_revenue,
    sumIf(orders, NOT in_period) AS previous_orders,
    sumIf(revenue, NOT in_period) AS previous_revenue
FROM
(
    SELECT
        d,
        d >= {from:Date} AS in_period,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        utm_term,
        orders,
        tickets_sold,
        revenue
    FROM bi.v_sales_utm_daily
    WHERE currency = {currency:String}
        AND d <= {to:Date}
        AND (d >= {from:Date} OR (d >= {previous_from:Date} AND d < {previous_cut_day:Date}))
        AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
        AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
        AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, utm_source))
        AND (empty({mediums:Array(String)}) OR has({mediums:Array(String)}, utm_medium))
        AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, utm_campaign))
        AND (empty({contents:Array(String)}) OR has({contents:Array(String)}, utm_content))
        AND (empty({terms:Array(String)}) OR has({terms:Array(String)}, utm_term))
)
GROUP BY source_key, medium_key, campaign_key, content_key, term_key
HAVING orders_sum + tickets_sum + previous_orders > 0 OR revenue_sum != 0 OR previous_revenue != 0
ORDER BY revenue_sum DESC, orders_sum DESC, source_key, medium_key, campaign_key, content_key, term_key

-- Panel: revenue by one field of UTM per day, week or month; the page joins the small values into one.
-- Grain: one row per step and value of the field `split` that sold anything, unknown where the tag is
--   absent, for one currency; the period before is moved onto the steps of this one.
-- Reads: bi.v_sales_utm_daily.
SELECT
    multiIf(
        {step:String} = 'week', toMonday(moved_day),
        {step:String} = 'month', toStartOfMonth(moved_day),
        moved_day
    ) AS step_start,
    tag AS tag_key,
    sumIf(revenue, is_current) AS revenue_sum,
    sumIf(revenue, NOT is_current) AS previous_revenue
FROM
(
    SELECT
        d >= {from:Date} AS is_current,
        if(d >= {from:Date}, d, d + {shift:UInt32}) AS moved_day,
        multiIf(
            {split:String} = 'medium', utm_medium,
            {split:String} = 'campaign', utm_campaign,
            {split:String} = 'content', utm_content,
            {split:String} = 'term', utm_term,
            utm_source
        ) AS tag,
        revenue
    FROM bi.v_sales_utm_daily
    WHERE currency = {currency:String}
        AND d <= {to:Date}
        AND (d >= {from:Date} OR (d >= {previous_from:Date} AND d <= {previous_to:Date}))
        AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
        AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
        AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, utm_source))
        AND (empty({mediums:Array(String)}) OR has({mediums:Array(String)}, utm_medium))
        AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, utm_campaign))
        AND (empty({contents:Array(String)}) OR has({contents:Array(String)}, utm_content))
        AND (empty({terms:Array(String)}) OR has({terms:Array(String)}, utm_term))
)
GROUP BY step_start, tag_key
ORDER BY step_start, tag_key

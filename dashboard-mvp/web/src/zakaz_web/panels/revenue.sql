-- Panel: revenue per day, week or month, with the period before laid over it.
-- Grain: one row per step that sold anything, for one currency.
-- Reads: bi.v_sales_daily.
SELECT
    multiIf(
        {step:String} = 'week', toMonday(moved_day),
        {step:String} = 'month', toStartOfMonth(moved_day),
        moved_day
    ) AS step_start,
    sumIf(revenue, is_current) AS revenue_sum,
    sumIf(revenue, NOT is_current) AS previous_revenue,
    sumIf(tickets_sold, is_current) AS tickets_sum,
    sumIf(orders, is_current) AS orders_sum
FROM
(
    SELECT
        d >= {from:Date} AS is_current,
        if(d >= {from:Date}, d, d + {shift:UInt32}) AS moved_day,
        orders,
        tickets_sold,
        revenue
    FROM bi.v_sales_daily
    WHERE currency = {currency:String}
        AND d <= {to:Date}
        AND (d >= {from:Date} OR (d >= {previous_from:Date} AND d <= {previous_to:Date}))
        AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
        AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
)
GROUP BY step_start
ORDER BY step_start

-- Panel: revenue per hour of one day, with the day before laid over it.
-- Grain: one row per hour that sold anything, for one currency.
-- Reads: bi.v_sales_hourly.
SELECT
    toHour(sales_hour) AS step_start,
    sumIf(revenue, toDate(sales_hour) = {from:Date}) AS revenue_sum,
    sumIf(revenue, toDate(sales_hour) = {previous_from:Date}) AS previous_revenue,
    sumIf(tickets_sold, toDate(sales_hour) = {from:Date}) AS tickets_sum,
    sumIf(orders, toDate(sales_hour) = {from:Date}) AS orders_sum
FROM bi.v_sales_hourly
WHERE currency = {currency:String}
    AND toDate(sales_hour) IN ({from:Date}, {previous_from:Date})
    AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
    AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
GROUP BY step_start
ORDER BY step_start

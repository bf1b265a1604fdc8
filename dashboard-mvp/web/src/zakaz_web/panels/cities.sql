-- Panel: cities by revenue.
-- Grain: one row per city, for one currency; the page joins the tail into one row.
-- Reads: bi.v_sales_daily.
SELECT
    city AS city_key,
    argMax(city_name, orders) AS shown_name,
    sum(revenue) AS revenue_sum,
    sum(tickets_sold) AS tickets_sum,
    sum(orders) AS orders_sum
FROM bi.v_sales_daily
WHERE currency = {currency:String}
    AND d >= {from:Date}
    AND d <= {to:Date}
    AND (orders + tickets_sold > 0 OR gross != 0)
    AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
    AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
GROUP BY city_key
ORDER BY revenue_sum DESC, city_key

-- Panel: where the buyers of one event came from.
-- Grain: one row per utm_source, utm_medium and utm_campaign, unknown where absent, for one currency.
-- Reads: bi.v_sales_utm_daily.
SELECT
    utm_source,
    utm_medium,
    utm_campaign,
    sum(orders) AS orders_sum,
    sum(tickets_sold) AS tickets_sum,
    sum(revenue) AS revenue_sum
FROM bi.v_sales_utm_daily
WHERE currency = {currency:String}
    AND account_id = {account:String}
    AND event_id = {event:String}
GROUP BY utm_source, utm_medium, utm_campaign
HAVING orders_sum + tickets_sum > 0 OR revenue_sum != 0
ORDER BY revenue_sum DESC, utm_source, utm_medium, utm_campaign

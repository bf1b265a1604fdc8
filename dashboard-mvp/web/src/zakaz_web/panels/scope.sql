-- Not shown: what the store holds at all, for the currency switch and the span of "all".
-- Grain: one row per currency.
-- Reads: bi.v_sales_daily. A day may hold nothing but a refund: such rows are no sales.
SELECT
    currency,
    sum(revenue) AS revenue_sum,
    min(d) AS first_day,
    max(d) AS last_day
FROM bi.v_sales_daily
WHERE orders + tickets_sold > 0 OR gross != 0
GROUP BY currency
ORDER BY revenue_sum DESC, currency

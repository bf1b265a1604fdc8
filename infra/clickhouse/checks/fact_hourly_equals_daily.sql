-- Grain: one row per account, day and currency on which the two facts differ; none is right.
-- Source: zakaz.fact_qtickets_sales_hourly against zakaz.fact_qtickets_sales_daily.
-- Key: (account_id, day, currency).
-- Needs: zakaz.fact_qtickets_sales_hourly, zakaz.fact_qtickets_sales_daily.
SELECT
    account_id,
    day,
    currency,
    sum(hourly_orders) AS hourly_order_count,
    sum(daily_orders) AS daily_order_count,
    sum(hourly_revenue) AS hourly_revenue_sum,
    sum(daily_revenue) AS daily_revenue_sum
FROM
(
    SELECT
        account_id,
        toDate(sales_hour) AS day,
        currency,
        toInt64(sum(orders)) AS hourly_orders,
        toInt64(0) AS daily_orders,
        sum(revenue) AS hourly_revenue,
        toDecimal128(0, 2) AS daily_revenue
    FROM zakaz.fact_qtickets_sales_hourly
    FINAL
    GROUP BY
        account_id,
        day,
        currency
    UNION ALL
    SELECT
        account_id,
        sales_date AS day,
        currency,
        toInt64(0),
        toInt64(sum(orders)),
        toDecimal128(0, 2),
        sum(revenue)
    FROM zakaz.fact_qtickets_sales_daily
    FINAL
    GROUP BY
        account_id,
        day,
        currency
)
GROUP BY
    account_id,
    day,
    currency
HAVING (hourly_order_count != daily_order_count) OR (hourly_revenue_sum != daily_revenue_sum)
ORDER BY
    account_id ASC,
    day ASC,
    currency ASC
SETTINGS do_not_merge_across_partitions_select_final = 1

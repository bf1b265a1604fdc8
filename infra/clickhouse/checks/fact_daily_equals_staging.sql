-- Grain: one row per account, month and currency whose fact differs from staging; none is right.
-- Source: zakaz.fact_qtickets_sales_daily against zakaz.stg_qtickets_orders and
--   zakaz.stg_qtickets_baskets. Written apart from the rebuild, so that it cannot share its mistake.
-- Key: (account_id, month, currency); months still marked dirty are left out.
-- Needs: zakaz.stg_qtickets_orders, zakaz.fact_qtickets_sales_daily.
SELECT
    account_id,
    month,
    currency,
    sum(staging_orders) AS staging_order_count,
    sum(fact_orders) AS fact_order_count,
    sum(staging_tickets) AS staging_ticket_count,
    sum(fact_tickets) AS fact_ticket_count,
    sum(staging_gross) AS staging_gross_sum,
    sum(fact_gross) AS fact_gross_sum,
    sum(staging_refunds) AS staging_refund_sum,
    sum(fact_refunds) AS fact_refund_sum
FROM
(
    SELECT
        account_id,
        toYYYYMM(assumeNotNull(payed_at)) AS month,
        currency,
        toInt64(count()) AS staging_orders,
        toInt64(0) AS fact_orders,
        toInt64(0) AS staging_tickets,
        toInt64(0) AS fact_tickets,
        toDecimal64(0, 2) AS staging_gross,
        toDecimal64(0, 2) AS fact_gross,
        toDecimal64(0, 2) AS staging_refunds,
        toDecimal64(0, 2) AS fact_refunds
    FROM zakaz.stg_qtickets_orders
    FINAL
    WHERE payed AND (payed_at IS NOT NULL) AND (deleted_at IS NULL)
    GROUP BY
        account_id,
        month,
        currency
    UNION ALL
    SELECT
        o.account_id AS account_id,
        toYYYYMM(assumeNotNull(o.payed_at)) AS month,
        o.currency AS currency,
        toInt64(0),
        toInt64(0),
        toInt64(sumIf(b.quantity, (b.refunded_at IS NULL) OR ((b.refunded_amount + b.refunded_deduction_amount) < b.price))),
        toInt64(0),
        sum(b.price),
        toDecimal64(0, 2),
        sumIf(b.refunded_amount, b.refunded_at IS NOT NULL),
        toDecimal64(0, 2)
    FROM
    (
        SELECT
            account_id,
            order_id,
            quantity,
            price,
            refunded_at,
            refunded_amount,
            refunded_deduction_amount
        FROM zakaz.stg_qtickets_baskets
        FINAL
        WHERE deleted_at IS NULL
    ) AS b
    INNER JOIN
    (
        SELECT
            account_id,
            order_id,
            payed_at,
            currency
        FROM zakaz.stg_qtickets_orders
        FINAL
        WHERE payed AND (payed_at IS NOT NULL) AND (deleted_at IS NULL)
    ) AS o ON (o.account_id = b.account_id) AND (o.order_id = b.order_id)
    GROUP BY
        account_id,
        month,
        currency
    UNION ALL
    SELECT
        account_id,
        toYYYYMM(sales_date) AS month,
        currency,
        toInt64(0),
        toInt64(sum(orders)),
        toInt64(0),
        toInt64(sum(tickets_sold)),
        toDecimal64(0, 2),
        sum(gross),
        toDecimal64(0, 2),
        sum(refunds)
    FROM zakaz.fact_qtickets_sales_daily
    FINAL
    GROUP BY
        account_id,
        month,
        currency
)
WHERE month NOT IN (
    SELECT month
    FROM zakaz.meta_dirty_months
    FINAL
    WHERE is_dirty
)
GROUP BY
    account_id,
    month,
    currency
HAVING (staging_order_count != fact_order_count) OR (staging_ticket_count != fact_ticket_count) OR (staging_gross_sum != fact_gross_sum) OR (staging_refund_sum != fact_refund_sum)
ORDER BY
    account_id ASC,
    month ASC,
    currency ASC
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0

-- Grain: one row per account, month and currency whose orders with a discount differ between the
--   fact and staging; none is right.
-- Source: zakaz.fact_qtickets_promo_codes_daily against zakaz.stg_qtickets_orders and
--   zakaz.stg_qtickets_baskets. Written apart from the rebuild, so that it cannot share its mistake.
-- Key: (account_id, month, currency); months still marked dirty are left out.
-- Needs: zakaz.stg_qtickets_orders, zakaz.fact_qtickets_promo_codes_daily.
SELECT
    account_id,
    month,
    currency,
    sum(staging_orders) AS staging_order_count,
    sum(fact_orders) AS fact_order_count,
    sum(staging_gross) AS staging_gross_sum,
    sum(fact_gross) AS fact_gross_sum
FROM
(
    SELECT
        account_id,
        toYYYYMM(assumeNotNull(payed_at)) AS month,
        currency,
        toInt64(count()) AS staging_orders,
        toInt64(0) AS fact_orders,
        toDecimal64(0, 2) AS staging_gross,
        toDecimal64(0, 2) AS fact_gross
    FROM zakaz.stg_qtickets_orders
    FINAL
    WHERE payed AND (payed_at IS NOT NULL) AND (deleted_at IS NULL) AND (concat(promo_code_id, discount_id) != '')
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
        sum(b.price),
        toDecimal64(0, 2)
    FROM
    (
        SELECT
            account_id,
            order_id,
            price
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
        WHERE payed AND (payed_at IS NOT NULL) AND (deleted_at IS NULL) AND (concat(promo_code_id, discount_id) != '')
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
        toDecimal64(0, 2),
        sum(gross)
    FROM zakaz.fact_qtickets_promo_codes_daily
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
HAVING (staging_order_count != fact_order_count) OR (staging_gross_sum != fact_gross_sum)

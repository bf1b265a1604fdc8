-- Grain: one row per account, Moscow day, event, promo code, discount and currency, of orders with
--   a discount only.
-- Source: zakaz.stg_qtickets_orders and zakaz.stg_qtickets_baskets, read under FINAL.
-- Key: that of the fact. Computes the months first_month to last_month (yyyymm) into the twin;
--   zakaz.facts swaps them in.
-- Rules: those of fact_qtickets_sales_daily, all by the day of sale and the event of the order.
-- Speed: orders_from … baskets_to name the partitions (yyyymm of created_at) that can hold rows of
--   these months; zakaz.facts asks for them first, so that a month does not read all years.
INSERT INTO zakaz.fact_qtickets_promo_codes_daily_next (account_id, sales_date, event_id, promo_code_id, discount_id, currency, orders, tickets_sold, discounts, gross, refunds, revenue, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0, max_threads = 1, max_block_size = 8192
SELECT
    o.account_id AS account_id,
    o.sale_day AS sales_date,
    o.event_id AS event_id,
    o.promo_code_id AS promo_code_id,
    o.discount_id AS discount_id,
    o.currency AS currency,
    count() AS orders,
    sum(b.ticket_count) AS tickets_sold,
    sum(b.discount_sum) AS discounts,
    sum(b.gross_sum) AS gross,
    sum(b.refund_sum) AS refunds,
    sum(b.gross_sum) - sum(b.refund_sum) AS revenue,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM
(
    SELECT
        account_id,
        order_id,
        event_id,
        promo_code_id,
        discount_id,
        currency,
        toDate(assumeNotNull(payed_at)) AS sale_day
    FROM zakaz.stg_qtickets_orders
    FINAL
    WHERE ((toYYYYMM(created_at) >= {orders_from:UInt32}) AND (toYYYYMM(created_at) <= {orders_to:UInt32})) AND payed AND (payed_at IS NOT NULL) AND (deleted_at IS NULL) AND ((promo_code_id != '') OR (discount_id != '')) AND ((toYYYYMM(payed_at) >= {first_month:UInt32}) AND (toYYYYMM(payed_at) <= {last_month:UInt32}))
) AS o
LEFT JOIN
(
    SELECT
        account_id,
        order_id,
        sum(if(is_returned, 0, line_quantity)) AS ticket_count,
        sum(discount_value) AS discount_sum,
        sum(price) AS gross_sum,
        sum(if(refunded_at IS NULL, toDecimal64(0, 2), refunded_amount)) AS refund_sum
    FROM
    (
        SELECT
            account_id,
            order_id,
            price,
            discount_value,
            refunded_at,
            refunded_amount,
            toUInt64(quantity) AS line_quantity,
            (refunded_at IS NOT NULL) AND ((refunded_amount + refunded_deduction_amount) >= price) AS is_returned
        FROM zakaz.stg_qtickets_baskets
        FINAL
        WHERE ((toYYYYMM(created_at) >= {baskets_from:UInt32}) AND (toYYYYMM(created_at) <= {baskets_to:UInt32})) AND (deleted_at IS NULL)
    )
    GROUP BY
        account_id,
        order_id
) AS b ON (b.account_id = o.account_id) AND (b.order_id = o.order_id)
GROUP BY
    account_id,
    sales_date,
    event_id,
    promo_code_id,
    discount_id,
    currency

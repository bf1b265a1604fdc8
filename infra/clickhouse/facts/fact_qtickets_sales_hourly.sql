-- Grain: one row per account, Moscow hour, event, show and currency.
-- Source: zakaz.stg_qtickets_orders and zakaz.stg_qtickets_baskets, read under FINAL.
-- Key: that of the fact. Computes the months first_month to last_month (yyyymm) into the twin;
--   zakaz.facts swaps them in. Adds up to the daily fact by day of sale.
-- Rules: an order counts when it is paid and not deleted. Its ticket is sold when it is neither
--   deleted nor returned; returned means refunded with refunded_amount + refunded_deduction_amount
--   not below the price. Gross keeps returned tickets, refunds are the money given back (F4, F6).
--   A line's price is the total of the line; quantity 0 stays 0 (F10); a free ticket counts (F11).
--   An order is counted once, on the show of its lowest live ticket, else of its lowest ticket,
--   else on no show. Ids are compared as numbers; an id that is no number comes last.
--   No real refund has been seen yet: the rule of returned tickets is an assumption.
-- Speed: orders_from … baskets_to name the partitions (yyyymm of created_at) that can hold rows of
--   these months; zakaz.facts asks for them first, so that a month does not read all years.
INSERT INTO zakaz.fact_qtickets_sales_hourly_next (account_id, sales_hour, event_id, show_id, currency, orders, tickets_sold, gross, refunds, revenue, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0, max_threads = 1, max_block_size = 8192
SELECT
    account AS account_id,
    hour AS sales_hour,
    event AS event_id,
    show AS show_id,
    money AS currency,
    sum(is_home) AS orders,
    sum(if(is_kept AND (NOT is_returned), line_quantity, 0)) AS tickets_sold,
    sum(if(is_kept, line_price, toDecimal64(0, 2))) AS gross,
    sum(line_refund) AS refunds,
    sum(if(is_kept, line_price, toDecimal64(0, 2))) - sum(line_refund) AS revenue,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM
(
    SELECT
        o.account_id AS account,
        o.currency AS money,
        toStartOfHour(assumeNotNull(o.payed_at)) AS hour,
        if(b.event_id = '', o.event_id, b.event_id) AS event,
        b.show_id AS show,
        (b.basket_id != '') AND (b.deleted_at IS NULL) AS is_kept,
        (b.refunded_at IS NOT NULL) AND ((b.refunded_amount + b.refunded_deduction_amount) >= b.price) AS is_returned,
        b.quantity AS line_quantity,
        b.price AS line_price,
        if((b.basket_id != '') AND (b.deleted_at IS NULL) AND (b.refunded_at IS NOT NULL), b.refunded_amount, toDecimal64(0, 2)) AS line_refund,
        row_number() OVER (PARTITION BY o.account_id, o.order_id ORDER BY ((b.deleted_at IS NULL) AND (NOT is_returned)) DESC, (toUInt64OrNull(b.basket_id) IS NULL) ASC, toUInt64OrZero(b.basket_id) ASC, b.basket_id ASC, (b.deleted_at IS NULL) DESC) = 1 AS is_home
    FROM
    (
        SELECT
            account_id,
            basket_id,
            order_id,
            event_id,
            show_id,
            deleted_at,
            refunded_at,
            quantity,
            price,
            refunded_amount,
            refunded_deduction_amount
        FROM zakaz.stg_qtickets_baskets
        FINAL
        WHERE (toYYYYMM(created_at) >= {baskets_from:UInt32}) AND (toYYYYMM(created_at) <= {baskets_to:UInt32})
    ) AS b
    RIGHT JOIN
    (
        SELECT
            account_id,
            order_id,
            event_id,
            payed_at,
            currency,
            utm_source,
            utm_medium,
            utm_campaign,
            utm_content,
            utm_term
        FROM zakaz.stg_qtickets_orders
        FINAL
        WHERE ((toYYYYMM(created_at) >= {orders_from:UInt32}) AND (toYYYYMM(created_at) <= {orders_to:UInt32})) AND payed AND (payed_at IS NOT NULL) AND (deleted_at IS NULL) AND ((toYYYYMM(payed_at) >= {first_month:UInt32}) AND (toYYYYMM(payed_at) <= {last_month:UInt32}))
    ) AS o ON (b.account_id = o.account_id) AND (b.order_id = o.order_id)
)
GROUP BY
    account,
    hour,
    event,
    show,
    money
HAVING (orders > 0) OR (tickets_sold > 0) OR (gross != 0) OR (refunds != 0)

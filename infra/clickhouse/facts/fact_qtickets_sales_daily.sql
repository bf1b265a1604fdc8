-- Grain: one row per account, Moscow day, event, show, currency and five UTM fields.
-- Source: zakaz.stg_qtickets_orders and zakaz.stg_qtickets_baskets, read under FINAL.
-- Key: that of the fact. Computes the months first_month to last_month (yyyymm) into the twin;
--   zakaz.facts swaps them in. A refund of an old sale also enters the month it was paid out in.
-- Rules: an order counts when it is paid and not deleted. Its ticket is sold when it is neither
--   deleted nor returned; returned means refunded with refunded_amount + refunded_deduction_amount
--   not below the price. Gross keeps returned tickets, refunds are the money given back (F4, F6).
--   A line's price is the total of the line; quantity 0 stays 0 (F10); a free ticket counts (F11).
--   An order is counted once, on the show of its lowest live ticket, else of its lowest ticket,
--   else on no show. Ids are compared as numbers; an id that is no number comes last.
--   No real refund has been seen yet: the rule of returned tickets is an assumption.
-- Speed: orders_from … baskets_to name the partitions (yyyymm of created_at) that can hold rows of
--   these months; zakaz.facts asks for them first, so that a month does not read all years.
INSERT INTO zakaz.fact_qtickets_sales_daily_next (account_id, sales_date, event_id, show_id, currency, utm_source, utm_medium, utm_campaign, utm_content, utm_term, orders, tickets_sold, gross, refunds, revenue, refunds_by_refund_date, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0, max_threads = 1, max_block_size = 8192
SELECT
    account AS account_id,
    entry.1 AS sales_date,
    event AS event_id,
    show AS show_id,
    money AS currency,
    source AS utm_source,
    medium AS utm_medium,
    campaign AS utm_campaign,
    content AS utm_content,
    term AS utm_term,
    sum(entry.2) AS orders,
    sum(entry.3) AS tickets_sold,
    sum(entry.4) AS gross,
    sum(entry.5) AS refunds,
    sum(entry.4) - sum(entry.5) AS revenue,
    sum(entry.6) AS refunds_by_refund_date,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM
(
    SELECT
        account,
        event,
        show,
        money,
        source,
        medium,
        campaign,
        content,
        term,
        arrayJoin([(sale_day, toUInt64(is_home), if(is_kept AND (NOT is_returned), toUInt64(line_quantity), toUInt64(0)), if(is_kept, line_price, toDecimal64(0, 2)), line_refund, toDecimal64(0, 2)), (refund_day, toUInt64(0), toUInt64(0), toDecimal64(0, 2), toDecimal64(0, 2), line_refund)]) AS entry
    FROM
    (
        SELECT
            o.account_id AS account,
            o.currency AS money,
            o.utm_source AS source,
            o.utm_medium AS medium,
            o.utm_campaign AS campaign,
            o.utm_content AS content,
            o.utm_term AS term,
            toDate(assumeNotNull(o.payed_at)) AS sale_day,
            if(b.event_id = '', o.event_id, b.event_id) AS event,
            b.show_id AS show,
            (b.basket_id != '') AND (b.deleted_at IS NULL) AS is_kept,
            (b.refunded_at IS NOT NULL) AND ((b.refunded_amount + b.refunded_deduction_amount) >= b.price) AS is_returned,
            b.quantity AS line_quantity,
            b.price AS line_price,
            ifNull(toDate(b.refunded_at), toDate(0)) AS refund_day,
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
            WHERE ((toYYYYMM(created_at) >= {orders_from:UInt32}) AND (toYYYYMM(created_at) <= {orders_to:UInt32})) AND payed AND (payed_at IS NOT NULL) AND (deleted_at IS NULL) AND (((toYYYYMM(payed_at) >= {first_month:UInt32}) AND (toYYYYMM(payed_at) <= {last_month:UInt32})) OR ((account_id, order_id) IN (
                SELECT
                    account_id,
                    order_id
                FROM zakaz.stg_qtickets_baskets
                FINAL
                WHERE ((toYYYYMM(created_at) >= {baskets_from:UInt32}) AND (toYYYYMM(created_at) <= {baskets_to:UInt32})) AND (refunded_at IS NOT NULL) AND ((toYYYYMM(refunded_at) >= {first_month:UInt32}) AND (toYYYYMM(refunded_at) <= {last_month:UInt32}))
            )))
        ) AS o ON (b.account_id = o.account_id) AND (b.order_id = o.order_id)
    )
)
WHERE (toYYYYMM(entry.1) >= {first_month:UInt32}) AND (toYYYYMM(entry.1) <= {last_month:UInt32})
GROUP BY
    account,
    entry.1,
    event,
    show,
    money,
    source,
    medium,
    campaign,
    content,
    term
HAVING (orders > 0) OR (tickets_sold > 0) OR (gross != 0) OR (refunds != 0) OR (refunds_by_refund_date != 0)

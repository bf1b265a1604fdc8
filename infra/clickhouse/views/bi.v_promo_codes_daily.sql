-- Grain: one row per account, Moscow day of sale, event, promo code, discount and currency, of orders
--   with a discount only.
-- Source: zakaz.fact_qtickets_promo_codes_daily, named by zakaz.dim_events and by the newest rows of
--   zakaz.stg_qtickets_promo_codes and zakaz.stg_qtickets_discounts.
-- Key: (account_id, d, event_id, promo_code_id, discount_id, currency). Old orders name codes that
--   the source no longer lists: these keep their sales under the id (T04).
CREATE OR REPLACE VIEW bi.v_promo_codes_daily
(
    `d` Date COMMENT 'Moscow day of sale',
    `account_id` String COMMENT 'Organiser account',
    `event_id` String COMMENT 'Event of the order',
    `event_name` String COMMENT 'Name of the event, empty when the event is not loaded yet',
    `city` String COMMENT 'Canonical city of the event, unknown when nothing names one',
    `promo_code_id` String COMMENT 'Promo code of the order, empty for a discount without a code',
    `promo_code` String COMMENT 'The code, empty when the source does not list it',
    `discount_id` String COMMENT 'Discount of the order',
    `discount_name` String COMMENT 'Name of the discount, empty when the source does not list it',
    `orders` UInt64 COMMENT 'Paid orders with the code',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `discounts` Decimal(18, 2) COMMENT 'Discount given on paid tickets that are not deleted',
    `gross` Decimal(18, 2) COMMENT 'Price of paid tickets that are not deleted, returned ones included',
    `refunds` Decimal(18, 2) COMMENT 'Money given back for tickets sold on this day',
    `revenue` Decimal(18, 2) COMMENT 'Net revenue: gross minus refunds',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was computed'
)
AS (SELECT
    f.sales_date AS d,
    f.account_id AS account_id,
    f.event_id AS event_id,
    e.event_name AS event_name,
    if(e.city = '', 'unknown', e.city) AS city,
    f.promo_code_id AS promo_code_id,
    p.promo_code AS promo_code,
    f.discount_id AS discount_id,
    r.discount_name AS discount_name,
    f.orders AS orders,
    f.tickets_sold AS tickets_sold,
    f.discounts AS discounts,
    f.gross AS gross,
    f.refunds AS refunds,
    f.revenue AS revenue,
    f.currency AS currency,
    f._loaded_at AS _loaded_at
FROM
(
    SELECT
        account_id,
        sales_date,
        event_id,
        promo_code_id,
        discount_id,
        currency,
        orders,
        tickets_sold,
        discounts,
        gross,
        refunds,
        revenue,
        _loaded_at
    FROM zakaz.fact_qtickets_promo_codes_daily
    FINAL
) AS f
LEFT JOIN
(
    SELECT
        account_id,
        event_id,
        event_name,
        city
    FROM zakaz.dim_events
    FINAL
) AS e ON (e.account_id = f.account_id) AND (e.event_id = f.event_id)
LEFT JOIN
(
    SELECT
        account_id,
        promo_code_id,
        promo_code
    FROM zakaz.stg_qtickets_promo_codes
    FINAL
    ORDER BY _ver DESC
    LIMIT 1 BY
        account_id,
        promo_code_id
) AS p ON (p.account_id = f.account_id) AND (p.promo_code_id = f.promo_code_id)
LEFT JOIN
(
    SELECT
        account_id,
        discount_id,
        discount_name
    FROM zakaz.stg_qtickets_discounts
    FINAL
    ORDER BY _ver DESC
    LIMIT 1 BY
        account_id,
        discount_id
) AS r ON (r.account_id = f.account_id) AND (r.discount_id = f.discount_id)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0)
COMMENT 'Ticket sales by day, event and promo code'

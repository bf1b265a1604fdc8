-- Grain: one row per account, Moscow hour of sale, event, show and currency.
-- Source: zakaz.fact_qtickets_sales_hourly, named by zakaz.dim_events.
-- Key: (account_id, sales_hour, event_id, show_id, currency). Serves "today against yesterday up to
--   the same hour" and the hour by weekday map; an unknown event keeps its sales (T04).
CREATE OR REPLACE VIEW bi.v_sales_hourly
(
    `sales_hour` DateTime('Europe/Moscow') COMMENT 'Moscow hour of sale',
    `account_id` String COMMENT 'Organiser account',
    `city` String COMMENT 'Canonical city of the event, unknown when nothing names one',
    `city_name` String COMMENT 'City as the source spells it, empty when unknown',
    `event_id` String COMMENT 'Event of the tickets',
    `event_name` String COMMENT 'Name of the event, empty when the event is not loaded yet',
    `show_id` String COMMENT 'Show of the tickets, empty for an order without tickets',
    `orders` UInt64 COMMENT 'Paid orders, each counted once',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `gross` Decimal(38, 2) COMMENT 'Price of paid tickets that are not deleted, returned ones included',
    `refunds` Decimal(38, 2) COMMENT 'Money given back for tickets sold in this hour',
    `revenue` Decimal(38, 2) COMMENT 'Net revenue: gross minus refunds',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones'
)
AS (SELECT
    f.sales_hour AS sales_hour,
    f.account_id AS account_id,
    if(e.city = '', 'unknown', e.city) AS city,
    e.city_name AS city_name,
    f.event_id AS event_id,
    e.event_name AS event_name,
    f.show_id AS show_id,
    f.order_count AS orders,
    f.ticket_count AS tickets_sold,
    f.gross_sum AS gross,
    f.refund_sum AS refunds,
    f.revenue_sum AS revenue,
    f.currency AS currency
FROM
(
    SELECT
        account_id,
        sales_hour,
        event_id,
        show_id,
        currency,
        sum(orders) AS order_count,
        sum(tickets_sold) AS ticket_count,
        sum(gross) AS gross_sum,
        sum(refunds) AS refund_sum,
        sum(revenue) AS revenue_sum
    FROM zakaz.fact_qtickets_sales_hourly
    FINAL
    GROUP BY
        account_id,
        sales_hour,
        event_id,
        show_id,
        currency
) AS f
LEFT JOIN
(
    SELECT
        account_id,
        event_id,
        event_name,
        city,
        city_name
    FROM zakaz.dim_events
    FINAL
) AS e ON (e.account_id = f.account_id) AND (e.event_id = f.event_id)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0)
COMMENT 'Ticket sales by hour and event'

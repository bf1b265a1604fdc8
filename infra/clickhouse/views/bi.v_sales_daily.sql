-- Grain: one row per account, Moscow day of sale, event, show and currency; UTM added up.
-- Source: zakaz.fact_qtickets_sales_daily, named by zakaz.dim_events and zakaz.dim_shows.
-- Key: (account_id, d, event_id, show_id, currency). An event or show the dimensions do not know
--   keeps its sales (T04, H8); every side is read under FINAL, so loads never multiply (H6, H7).
CREATE OR REPLACE VIEW bi.v_sales_daily
(
    `d` Date COMMENT 'Moscow day of sale; of the refund for refunds_by_refund_date',
    `account_id` String COMMENT 'Organiser account',
    `event_date` Nullable(Date) COMMENT 'Venue-local day of the show, NULL when the show is not known',
    `city` String COMMENT 'Canonical city of the event, unknown when nothing names one',
    `city_name` String COMMENT 'City as the source spells it, empty when unknown',
    `event_id` String COMMENT 'Event of the tickets',
    `event_name` String COMMENT 'Name of the event, empty when the event is not loaded yet',
    `show_id` String COMMENT 'Show of the tickets, empty for an order without tickets',
    `orders` UInt64 COMMENT 'Paid orders, each counted once',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `gross` Decimal(38, 2) COMMENT 'Price of paid tickets that are not deleted, returned ones included',
    `refunds` Decimal(38, 2) COMMENT 'Money given back for tickets sold on this day',
    `revenue` Decimal(38, 2) COMMENT 'Net revenue: gross minus refunds',
    `refunds_by_refund_date` Decimal(38, 2) COMMENT 'Money given back on this day, whenever the ticket was sold',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the newest of these figures was computed'
)
AS (SELECT
    f.sales_date AS d,
    f.account_id AS account_id,
    s.show_day AS event_date,
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
    f.refund_day_sum AS refunds_by_refund_date,
    f.currency AS currency,
    f.computed_at AS _loaded_at
FROM
(
    SELECT
        account_id,
        sales_date,
        event_id,
        show_id,
        currency,
        sum(orders) AS order_count,
        sum(tickets_sold) AS ticket_count,
        sum(gross) AS gross_sum,
        sum(refunds) AS refund_sum,
        sum(revenue) AS revenue_sum,
        sum(refunds_by_refund_date) AS refund_day_sum,
        max(_loaded_at) AS computed_at
    FROM zakaz.fact_qtickets_sales_daily
    FINAL
    GROUP BY
        account_id,
        sales_date,
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
LEFT JOIN
(
    SELECT
        account_id,
        show_id,
        toNullable(event_date) AS show_day
    FROM zakaz.dim_shows
    FINAL
) AS s ON (s.account_id = f.account_id) AND (s.show_id = f.show_id)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0)
COMMENT 'Ticket sales by day, event and show'

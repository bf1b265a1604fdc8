-- Grain: one row per account, Moscow hour, event, show and currency.
-- Source: rebuilt month by month from stg_qtickets_orders and stg_qtickets_baskets by
--   facts/fact_qtickets_sales_hourly.sql.
-- Key: the full grain, identity only (A24, A25).
--   Partition by month of sales_hour: the unit of a rebuild (F7).
CREATE TABLE IF NOT EXISTS zakaz.fact_qtickets_sales_hourly
(
    `account_id` String COMMENT 'Organiser account',
    `sales_hour` DateTime('Europe/Moscow') COMMENT 'Moscow hour of payment',
    `event_id` String COMMENT 'Event of the tickets',
    `show_id` String COMMENT 'Show of the tickets, empty for an order without tickets',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; part of the key (F13)',
    `orders` UInt64 COMMENT 'Paid orders, each counted once on the show of its lowest live ticket',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `gross` Decimal(18, 2) COMMENT 'Price of paid tickets that are not deleted, returned ones included',
    `refunds` Decimal(18, 2) COMMENT 'Money given back for tickets sold in this hour',
    `revenue` Decimal(18, 2) COMMENT 'Net revenue: gross minus refunds',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(sales_hour)
ORDER BY (account_id, sales_hour, event_id, show_id, currency)
COMMENT 'Ticket sales by Moscow hour, event, show and currency'

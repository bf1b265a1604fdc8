-- Grain: that of fact_qtickets_sales_daily; empty between rebuilds.
-- Source: facts/fact_qtickets_sales_daily.sql writes it, zakaz.facts swaps its partitions into
--   fact_qtickets_sales_daily.
-- Key: exactly that of fact_qtickets_sales_daily, as REPLACE PARTITION demands it.
CREATE TABLE IF NOT EXISTS zakaz.fact_qtickets_sales_daily_next
(
    `account_id` String COMMENT 'Organiser account',
    `sales_date` Date COMMENT 'Moscow day of payment (F17); of the refund for refunds_by_refund_date',
    `event_id` String COMMENT 'Event of the tickets',
    `show_id` String COMMENT 'Show of the tickets, empty for an order without tickets',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; part of the key, so currencies never add up (F13)',
    `utm_source` String COMMENT 'Normalised utm_source, empty when absent',
    `utm_medium` String COMMENT 'Normalised utm_medium, empty when absent',
    `utm_campaign` String COMMENT 'Normalised utm_campaign, empty when absent',
    `utm_content` String COMMENT 'Normalised utm_content, empty when absent',
    `utm_term` String COMMENT 'Normalised utm_term, empty when absent',
    `orders` UInt64 COMMENT 'Paid orders, each counted once on the show of its lowest live ticket',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `gross` Decimal(18, 2) COMMENT 'Price of paid tickets that are not deleted, returned ones included',
    `refunds` Decimal(18, 2) COMMENT 'Money given back for tickets sold on this day',
    `revenue` Decimal(18, 2) COMMENT 'Net revenue: gross minus refunds',
    `refunds_by_refund_date` Decimal(18, 2) COMMENT 'Money given back on this day, whenever the ticket was sold',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(sales_date)
ORDER BY (account_id, sales_date, event_id, show_id, currency, utm_source, utm_medium, utm_campaign, utm_content, utm_term)
COMMENT 'Permanent twin of fact_qtickets_sales_daily: a rebuild is computed here and swapped in'

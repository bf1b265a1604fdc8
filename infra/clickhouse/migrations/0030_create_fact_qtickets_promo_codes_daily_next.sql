-- Grain: as zakaz.fact_qtickets_promo_codes_daily.
-- Source: the twin its rebuild computes into; empty outside a rebuild.
-- Key: as zakaz.fact_qtickets_promo_codes_daily: a partition is swapped only between equal tables.
CREATE TABLE IF NOT EXISTS zakaz.fact_qtickets_promo_codes_daily_next
(
    `account_id` String COMMENT 'Organiser account',
    `sales_date` Date COMMENT 'Moscow day of payment (F17)',
    `event_id` String COMMENT 'Event of the order',
    `promo_code_id` String COMMENT 'Promo code of the order, empty for a discount without a code',
    `discount_id` String COMMENT 'Discount of the order',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; part of the key, so currencies never add up (F13)',
    `orders` UInt64 COMMENT 'Paid orders with the code',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `discounts` Decimal(18, 2) COMMENT 'Discount given on paid tickets that are not deleted',
    `gross` Decimal(18, 2) COMMENT 'Price of paid tickets that are not deleted, returned ones included',
    `refunds` Decimal(18, 2) COMMENT 'Money given back for tickets sold on this day',
    `revenue` Decimal(18, 2) COMMENT 'Net revenue: gross minus refunds',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(sales_date)
ORDER BY (account_id, sales_date, event_id, promo_code_id, discount_id, currency)
COMMENT 'Twin of fact_qtickets_promo_codes_daily, empty outside a rebuild'

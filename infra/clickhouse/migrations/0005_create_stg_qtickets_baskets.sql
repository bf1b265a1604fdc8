-- Grain: one row per basket line of one account at its newest known state, deleted lines kept as
--   tombstones.
-- Source: Qtickets REST API, baskets[] of GET /orders; written by qtickets_api.
-- Key: (account_id, basket_id) is identity only: moving a ticket to another show replaces the
--   row (A24).
--   Partition by month of its own created_at, which never changes (T06).
CREATE TABLE IF NOT EXISTS zakaz.stg_qtickets_baskets
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `basket_id` String COMMENT 'Basket line id of the source: one ticket',
    `order_id` String COMMENT 'Order it belongs to',
    `event_id` String COMMENT 'Event of the ticket',
    `show_id` String COMMENT 'Show of the ticket',
    `created_at` DateTime('Europe/Moscow') COMMENT 'Instant the source created it; never changes, so it carries the partition',
    `updated_at` DateTime('Europe/Moscow') COMMENT 'Instant the source last changed it',
    `deleted_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the source deleted it, NULL while it lives (tombstone, F5)',
    `refunded_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant of the refund, NULL when none',
    `quantity` UInt32 COMMENT 'Tickets in the line; 0 stays 0 (F10)',
    `original_price` Decimal(18, 2) COMMENT 'Face price of the line before discount',
    `discount_value` Decimal(18, 2) COMMENT 'Discount of the line',
    `price` Decimal(18, 2) COMMENT 'Price of the line after discount: what the buyer paid, without service fee (F12)',
    `service_fee` Decimal(18, 2) COMMENT 'Service fee on top of the price; never part of revenue',
    `refunded_amount` Decimal(18, 2) COMMENT 'Money given back; 0 when none',
    `refunded_deduction_amount` Decimal(18, 2) COMMENT 'Part of the price withheld at the refund; 0 when none',
    `_ver` UInt64 COMMENT 'Version: own updated_at of the source in the high 32 bits, fetch instant of the page in the low 32 bits (seconds)',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(created_at)
ORDER BY (account_id, basket_id)
COMMENT 'Basket lines (tickets) of Qtickets orders, newest known state of each'

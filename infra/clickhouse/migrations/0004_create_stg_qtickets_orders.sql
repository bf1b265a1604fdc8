-- Grain: one row per order of one account at its newest known state, deleted orders kept as
--   tombstones.
-- Source: Qtickets REST API, GET /orders; written by qtickets_api.
-- Key: (account_id, order_id) is identity only: a corrected price, date or tag replaces the row
--   (A24, F9).
--   Partition by month of created_at, which never changes, so FINAL may stay inside a partition
--   (T06).
CREATE TABLE IF NOT EXISTS zakaz.stg_qtickets_orders
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `order_id` String COMMENT 'Order id of the source',
    `event_id` String COMMENT 'Event the order was placed for',
    `payed` Bool COMMENT 'True when the source calls the order paid (free orders included)',
    `payed_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant of payment; its Moscow day is the sale date',
    `created_at` DateTime('Europe/Moscow') COMMENT 'Instant the source created it; never changes, so it carries the partition',
    `updated_at` DateTime('Europe/Moscow') COMMENT 'Instant the source last changed it',
    `deleted_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the source deleted it, NULL while it lives (tombstone, F5)',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns, from currency_id of the source',
    `price` Decimal(18, 2) COMMENT 'Payable total of the order in roubles, as the source states it; facts add up baskets instead',
    `original_price` Decimal(18, 2) COMMENT 'Face total before discounts',
    `discount_id` String COMMENT 'Discount used, empty when none',
    `promo_code_id` String COMMENT 'Promo code used, empty when none',
    `utm_source` String COMMENT 'Normalised utm_source, empty when absent',
    `utm_medium` String COMMENT 'Normalised utm_medium, empty when absent',
    `utm_campaign` String COMMENT 'Normalised utm_campaign, empty when absent',
    `utm_content` String COMMENT 'Normalised utm_content, empty when absent',
    `utm_term` String COMMENT 'Normalised utm_term, empty when absent',
    `utm_raw` String COMMENT 'The utm value as the source sent it, as JSON text',
    `_ver` UInt64 COMMENT 'Version: own updated_at of the source in the high 32 bits, fetch instant of the page in the low 32 bits (seconds)',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(created_at)
ORDER BY (account_id, order_id)
COMMENT 'Ticket orders of Qtickets, newest known state of each'

-- Grain: one row per discount of one account at its newest known state.
-- Source: Qtickets REST API, GET /discounts; written by qtickets_api. The source gives no size: it
--   stands in the name only.
-- Key: (account_id, discount_id) is identity only.
--   Partition by month of its own created_at, which never changes (T06).
CREATE TABLE IF NOT EXISTS zakaz.stg_qtickets_discounts
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `discount_id` String COMMENT 'Discount id of the source',
    `discount_name` String COMMENT 'Name of the discount',
    `is_active` Bool COMMENT 'True while the source calls it active',
    `active_from` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant it begins, NULL when unlimited',
    `active_to` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant it ends, NULL when unlimited',
    `created_at` DateTime('Europe/Moscow') COMMENT 'Instant the source created it; never changes, so it carries the partition',
    `updated_at` DateTime('Europe/Moscow') COMMENT 'Instant the source last changed it',
    `deleted_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant the source deleted it, NULL while it lives (tombstone, F5)',
    `_ver` UInt64 COMMENT 'Version: own updated_at of the source in the high 32 bits, fetch instant of the page in the low 32 bits (seconds)',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(created_at)
ORDER BY (account_id, discount_id)
COMMENT 'Discounts of Qtickets, newest known state of each'

-- Grain: one row per promo code of one account at its newest known state.
-- Source: Qtickets REST API, GET /promo-codes; written by qtickets_api.
-- Key: (account_id, promo_code_id) is identity only: the same code is deleted and made again.
--   Partition by month of its own created_at, which never changes (T06).
CREATE TABLE IF NOT EXISTS zakaz.stg_qtickets_promo_codes
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `promo_code_id` String COMMENT 'Promo code id of the source',
    `discount_id` String COMMENT 'Discount it gives, empty when none',
    `promo_code` String COMMENT 'The code as buyers type it; an e-mail address or phone number in it is removed',
    `is_active` Bool COMMENT 'True while the source calls it active',
    `max_uses` UInt32 COMMENT 'How often it may be used, 0 without limit',
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
ORDER BY (account_id, promo_code_id)
COMMENT 'Promo codes of Qtickets, newest known state of each'

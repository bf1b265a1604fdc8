-- Grain: one row per account and day as last answered by the source.
-- Source: VK Ads API, statistics of the account by day: another method than that of the banners, so
--   its sums prove those of zakaz.stg_vk_ads_daily; written by vk_ads.
-- Key: (account_id, stat_date) is the full grain and identity only (A24, A25).
--   Partition by month of stat_date, which is part of the key.
CREATE TABLE IF NOT EXISTS zakaz.stg_vk_ads_account_daily
(
    `account_id` String COMMENT 'Ad account the row was read with',
    `stat_date` Date COMMENT 'Day of the statistics in the zone of the account (Moscow)',
    `impressions` UInt64 COMMENT 'Impressions of the whole account on the day',
    `clicks` UInt64 COMMENT 'Clicks of the whole account on the day',
    `spend` Decimal(18, 2) COMMENT 'Spend of the whole account on the day in currency units, without VAT',
    `goals` UInt64 COMMENT 'Conversions of the whole account as the cabinet counts them',
    `currency` LowCardinality(String) COMMENT 'ISO code of spend',
    `is_final` Bool COMMENT 'True when the source no longer restates the day',
    `_ver` UInt64 COMMENT 'Version: fetch instant of the answer in milliseconds, the last fetch wins (S23)',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(stat_date)
ORDER BY (account_id, stat_date)
COMMENT 'Daily sums of VK Ads accounts, the control of the banners'

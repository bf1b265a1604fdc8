-- Grain: one row per account, banner and day as last answered by the source.
-- Source: VK Ads API, banner statistics by day; written by vk_ads.
-- Key: (account_id, banner_id, stat_date) is the full grain and identity only: no name, campaign
--   or city (A24, A25).
--   Partition by month of stat_date, which is part of the key.
CREATE TABLE IF NOT EXISTS zakaz.stg_vk_ads_daily
(
    `account_id` String COMMENT 'Ad account the row was read with',
    `banner_id` String COMMENT 'Banner (ad) id of the source; text keeps leading zeros (G15)',
    `stat_date` Date COMMENT 'Day of the statistics in the zone of the account (Moscow)',
    `ad_plan_id` String COMMENT 'Campaign (ad plan) id, empty when unknown',
    `ad_plan_name` String COMMENT 'Campaign name',
    `ad_group_id` String COMMENT 'Ad group id, empty when unknown',
    `ad_group_name` String COMMENT 'Ad group name',
    `banner_name` String COMMENT 'Banner name',
    `objective` String COMMENT 'Objective of the ad group, else of the campaign',
    `impressions` UInt64 COMMENT 'Impressions of the day',
    `clicks` UInt64 COMMENT 'Clicks of the day',
    `spend` Decimal(18, 2) COMMENT 'Spend of the day in currency units, without VAT',
    `goals` UInt64 COMMENT 'Conversions as the cabinet counts them, for the goal of the objective',
    `currency` LowCardinality(String) COMMENT 'ISO code of spend',
    `utm_source` String COMMENT 'Normalised utm_source, empty when absent',
    `utm_medium` String COMMENT 'Normalised utm_medium, empty when absent',
    `utm_campaign` String COMMENT 'Normalised utm_campaign, empty when absent',
    `utm_content` String COMMENT 'Normalised utm_content, empty when absent',
    `utm_term` String COMMENT 'Normalised utm_term, empty when absent',
    `utm_raw` String COMMENT 'UTM tags as the source holds them, macros unexpanded, as JSON; empty when absent',
    `utm_is_dynamic` Bool COMMENT 'True when the tags hold macros known only at the moment of the show',
    `is_final` Bool COMMENT 'True when the source no longer restates the day',
    `is_deleted` Bool COMMENT 'True when the row vanished from a later answer of the source',
    `_ver` UInt64 COMMENT 'Version: fetch instant of the answer in milliseconds, the last fetch wins (S23)',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(stat_date)
ORDER BY (account_id, banner_id, stat_date)
COMMENT 'Daily statistics of VK Ads banners, last answer of the source'

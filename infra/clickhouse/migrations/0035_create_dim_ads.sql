-- Grain: one row per banner (ad) of one account.
-- Source: rebuilt whole from stg_vk_ads_daily by facts/dim_ads.sql.
-- Key: (account_id, banner_id) is identity only: names, parents and tags are attributes (A24).
CREATE TABLE IF NOT EXISTS zakaz.dim_ads
(
    `account_id` String COMMENT 'Ad account the ad belongs to',
    `banner_id` String COMMENT 'Banner (ad) id of the source; text keeps leading zeros (G15)',
    `banner_name` String COMMENT 'Newest name of the banner',
    `ad_plan_id` String COMMENT 'Campaign (ad plan) id, empty when unknown',
    `ad_plan_name` String COMMENT 'Newest name of the campaign',
    `ad_group_id` String COMMENT 'Ad group id, empty when unknown',
    `ad_group_name` String COMMENT 'Newest name of the ad group',
    `objective` String COMMENT 'Objective of the ad group, else of the campaign',
    `utm_source` String COMMENT 'Newest normalised utm_source, empty when absent',
    `utm_medium` String COMMENT 'Newest normalised utm_medium, empty when absent',
    `utm_campaign` String COMMENT 'Newest normalised utm_campaign, empty when absent',
    `utm_content` String COMMENT 'Newest normalised utm_content, empty when absent',
    `utm_term` String COMMENT 'Newest normalised utm_term, empty when absent',
    `utm_is_dynamic` Bool COMMENT 'True when the tags hold macros known only at the moment of the show',
    `first_on` Date COMMENT 'First day with statistics',
    `last_on` Date COMMENT 'Last day with statistics',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (account_id, banner_id)
COMMENT 'Ads with their newest names, campaign, group and tags'

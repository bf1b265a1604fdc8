-- Grain: that of fact_ads_daily; empty between rebuilds.
-- Source: facts/fact_ads_daily.sql writes it, zakaz.facts swaps its partitions into fact_ads_daily.
-- Key: exactly that of fact_ads_daily, as REPLACE PARTITION demands it.
CREATE TABLE IF NOT EXISTS zakaz.fact_ads_daily_next
(
    `account_id` String COMMENT 'Ad account of the spend',
    `stat_date` Date COMMENT 'Moscow day of the spend',
    `banner_id` String COMMENT 'Banner (ad) id of the source',
    `ad_plan_id` String COMMENT 'Campaign (ad plan) id, empty when unknown',
    `ad_group_id` String COMMENT 'Ad group id, empty when unknown',
    `currency` LowCardinality(String) COMMENT 'ISO code of spend; never add up different ones',
    `city` String COMMENT 'City the spend is attributed to, in the spelling of dim_events; unknown when no rule names one',
    `event_id` String COMMENT 'Event the spend is attributed to, empty when no rule names exactly one',
    `attribution_model` LowCardinality(String) COMMENT 'Name of the rule that attributed the row: content_city_day',
    `attribution_reason` LowCardinality(String) COMMENT 'What the rule found: event, several_events, no_event, city_not_known, no_city_in_content or no_content',
    `utm_source` String COMMENT 'Normalised utm_source, empty when absent',
    `utm_medium` String COMMENT 'Normalised utm_medium, empty when absent',
    `utm_campaign` String COMMENT 'Normalised utm_campaign, empty when absent',
    `utm_content` String COMMENT 'Normalised utm_content, empty when absent',
    `utm_term` String COMMENT 'Normalised utm_term, empty when absent',
    `impressions` UInt64 COMMENT 'Impressions of the day',
    `clicks` UInt64 COMMENT 'Clicks of the day',
    `spend` Decimal(18, 2) COMMENT 'Spend of the day in currency units, without VAT',
    `goals` UInt64 COMMENT 'Conversions as the cabinet counts them',
    `is_final` Bool COMMENT 'True when the source no longer restates the day',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(stat_date)
ORDER BY (account_id, stat_date, banner_id)
COMMENT 'Permanent twin of fact_ads_daily: a rebuild is computed here and swapped in'

-- Grain: one row per account, Moscow day and banner that has any figure; vanished days are left out.
-- Source: zakaz.fact_ads_daily, named by zakaz.dim_ads and zakaz.dim_events.
-- Key: (account_id, d, banner_id). No join finds more than one row, so the sum of spend is that of
--   staging, whatever city and event it is attributed to.
-- Rules: a ratio is NULL at a zero denominator and holds for its own row only: over more rows divide
--   the sums (H10). CTR is a share, not a percentage (H11). A day that is not final will still change.
CREATE OR REPLACE VIEW bi.v_vk_ads_daily
(
    `d` Date COMMENT 'Moscow day of the spend',
    `account_id` String COMMENT 'Ad account',
    `ad_plan_id` String COMMENT 'Campaign (ad plan) id, unknown when the source does not tell it',
    `ad_plan_name` String COMMENT 'Newest name of the campaign, empty when it is not known',
    `ad_group_id` String COMMENT 'Ad group id, unknown when the source does not tell it',
    `ad_group_name` String COMMENT 'Newest name of the ad group, empty when it is not known',
    `banner_id` String COMMENT 'Banner (ad) id',
    `banner_name` String COMMENT 'Newest name of the banner, empty when it is not known',
    `objective` String COMMENT 'Objective of the ad group, else of the campaign',
    `city` String COMMENT 'City the spend is attributed to, unknown when no rule names one',
    `event_id` String COMMENT 'Event the spend is attributed to, unknown when no rule names exactly one',
    `event_name` String COMMENT 'Name of the event, empty when it is not known',
    `attribution_model` LowCardinality(String) COMMENT 'Name of the rule that attributed the row',
    `attribution_reason` LowCardinality(String) COMMENT 'What the rule found: event, several_events, no_event, city_not_known, no_city_in_content or no_content',
    `utm_source` String COMMENT 'Normalised utm_source, unknown when absent',
    `utm_medium` String COMMENT 'Normalised utm_medium, unknown when absent',
    `utm_campaign` String COMMENT 'Normalised utm_campaign, unknown when absent',
    `utm_content` String COMMENT 'Normalised utm_content, unknown when absent',
    `utm_term` String COMMENT 'Normalised utm_term, unknown when absent',
    `impressions` UInt64 COMMENT 'Impressions of the day',
    `clicks` UInt64 COMMENT 'Clicks of the day',
    `goals` UInt64 COMMENT 'Conversions as the cabinet counts them',
    `spend` Decimal(18, 2) COMMENT 'Spend of the day, without VAT',
    `ctr` Nullable(Float64) COMMENT 'Clicks / impressions, NULL without impressions',
    `cpc` Nullable(Float64) COMMENT 'Cost per click: spend / clicks, NULL without clicks',
    `cpm` Nullable(Float64) COMMENT 'Cost per thousand impressions: 1000 * spend / impressions, NULL without impressions',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones',
    `is_final` Bool COMMENT 'True when the source no longer restates the day',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was computed'
)
AS (SELECT
    f.stat_date AS d,
    f.account_id AS account_id,
    if(f.ad_plan_id = '', 'unknown', f.ad_plan_id) AS ad_plan_id,
    p.plan_name AS ad_plan_name,
    if(f.ad_group_id = '', 'unknown', f.ad_group_id) AS ad_group_id,
    a.ad_group_name AS ad_group_name,
    f.banner_id AS banner_id,
    a.banner_name AS banner_name,
    a.objective AS objective,
    f.city AS city,
    if(f.event_id = '', 'unknown', f.event_id) AS event_id,
    n.event_name AS event_name,
    f.attribution_model AS attribution_model,
    f.attribution_reason AS attribution_reason,
    if(f.source_tag = '', 'unknown', f.source_tag) AS utm_source,
    if(f.medium_tag = '', 'unknown', f.medium_tag) AS utm_medium,
    if(f.campaign_tag = '', 'unknown', f.campaign_tag) AS utm_campaign,
    if(f.content_tag = '', 'unknown', f.content_tag) AS utm_content,
    if(f.term_tag = '', 'unknown', f.term_tag) AS utm_term,
    f.impressions AS impressions,
    f.clicks AS clicks,
    f.goals AS goals,
    f.spend AS spend,
    f.clicks / nullIf(f.impressions, 0) AS ctr,
    toFloat64(f.spend) / nullIf(f.clicks, 0) AS cpc,
    (1000 * toFloat64(f.spend)) / nullIf(f.impressions, 0) AS cpm,
    f.currency AS currency,
    f.is_final AS is_final,
    f._loaded_at AS _loaded_at
FROM
(
    SELECT
        account_id,
        stat_date,
        banner_id,
        ad_plan_id,
        ad_group_id,
        currency,
        city,
        event_id,
        attribution_model,
        attribution_reason,
        utm_source AS source_tag,
        utm_medium AS medium_tag,
        utm_campaign AS campaign_tag,
        utm_content AS content_tag,
        utm_term AS term_tag,
        impressions,
        clicks,
        goals,
        spend,
        is_final,
        _loaded_at
    FROM zakaz.fact_ads_daily
    FINAL
) AS f
LEFT JOIN
(
    SELECT
        account_id,
        banner_id,
        banner_name,
        ad_group_name,
        objective
    FROM zakaz.dim_ads
    FINAL
) AS a ON (a.account_id = f.account_id) AND (a.banner_id = f.banner_id)
LEFT JOIN
(
    SELECT
        account_id,
        ad_plan_id,
        argMax(ad_plan_name, last_on) AS plan_name
    FROM zakaz.dim_ads
    FINAL
    WHERE ad_plan_id != ''
    GROUP BY
        account_id,
        ad_plan_id
) AS p ON (p.account_id = f.account_id) AND (p.ad_plan_id = f.ad_plan_id)
LEFT JOIN
(
    SELECT
        event_id,
        any(event_name) AS event_name
    FROM
    (
        SELECT
            event_id,
            event_name
        FROM zakaz.dim_events
        FINAL
    )
    GROUP BY event_id
) AS n ON n.event_id = f.event_id
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0)
COMMENT 'Ad statistics of VK by day and banner, with city and event'

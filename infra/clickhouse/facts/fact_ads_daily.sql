-- Grain: one row per account, Moscow day and banner that has any figure; days that vanished from the
--   source, and days of which it tells nothing but zeros, give no row.
-- Source: zakaz.stg_vk_ads_daily, zakaz.dim_city_alias, zakaz.dim_events and zakaz.dim_shows, all
--   under FINAL.
-- Key: that of the fact. Computes the months first_month to last_month (yyyymm) into the twin;
--   zakaz.facts swaps them in, after the dimensions.
-- Rules: VK tells a row of zeros for every idle day of every ad, and for a day restated to nothing:
--   staging keeps them, no figure needs them. The model content_city_day attributes a row by its
--   utm_content and nothing else. The form is city_day_month, as in томск_01_03. The city counts only
--   when the dictionary knows it: its letters are compared, so hyphens, spaces, dots and ё do not
--   matter; a spelling of two cities names none. Any other word, and any other form such as
--   crea01_discount, is unknown (G10). The event is the only one with a show in that city on that day,
--   the next such day from 30 days before the spend on: an ad that runs on after its show still
--   belongs to it. No event or several: the spend stays with the city alone. Every join finds at most
--   one row, so spend is neither lost nor multiplied.
-- Speed: nearly every row of staging is one of the fact, so it is written in small blocks: the engine's
--   own would hold a million rows.
INSERT INTO zakaz.fact_ads_daily_next (account_id, stat_date, banner_id, ad_plan_id, ad_group_id, currency, city, event_id, attribution_model, attribution_reason, utm_source, utm_medium, utm_campaign, utm_content, utm_term, impressions, clicks, spend, goals, is_final, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0, max_threads = 1, max_block_size = 8192, min_insert_block_size_rows = 65536, min_insert_block_size_bytes = 0
SELECT
    s.account_id AS account_id,
    s.stat_date AS stat_date,
    s.banner_id AS banner_id,
    s.ad_plan_id AS ad_plan_id,
    s.ad_group_id AS ad_group_id,
    s.currency AS currency,
    if(s.city = '', 'unknown', s.city) AS city,
    if((s.city != '') AND (e.event_count = 1), e.event, '') AS event_id,
    'content_city_day' AS attribution_model,
    multiIf(s.utm_content = '', 'no_content', s.city_key = '', 'no_city_in_content', s.city = '', 'city_not_known', e.event_count = 0, 'no_event', e.event_count > 1, 'several_events', 'event') AS attribution_reason,
    s.utm_source AS utm_source,
    s.utm_medium AS utm_medium,
    s.utm_campaign AS utm_campaign,
    s.utm_content AS utm_content,
    s.utm_term AS utm_term,
    s.impressions AS impressions,
    s.clicks AS clicks,
    s.spend AS spend,
    s.goals AS goals,
    s.is_final AS is_final,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM
(
    SELECT
        r.account_id AS account_id,
        r.stat_date AS stat_date,
        r.banner_id AS banner_id,
        r.ad_plan_id AS ad_plan_id,
        r.ad_group_id AS ad_group_id,
        r.currency AS currency,
        r.utm_source AS utm_source,
        r.utm_medium AS utm_medium,
        r.utm_campaign AS utm_campaign,
        r.utm_content AS utm_content,
        r.utm_term AS utm_term,
        r.impressions AS impressions,
        r.clicks AS clicks,
        r.spend AS spend,
        r.goals AS goals,
        r.is_final AS is_final,
        r.city_key AS city_key,
        a.only_city AS city,
        if(toDayOfMonth(r.near_day) = r.day_number, r.near_day, toDate(0)) AS show_day
    FROM
    (
        SELECT
            account_id,
            stat_date,
            banner_id,
            ad_plan_id,
            ad_group_id,
            currency,
            utm_source,
            utm_medium,
            utm_campaign,
            utm_content,
            utm_term,
            impressions,
            clicks,
            spend,
            goals,
            is_final,
            extractGroups(utm_content, '^(.+)_(0?[1-9]|[12][0-9]|3[01])_(0?[1-9]|1[0-2])$') AS form,
            replaceRegexpAll(replaceRegexpOne(replaceAll(replaceAll(lowerUTF8(form[1]), 'ё', 'е'), '_', ' '), '^(г\\. ?|г |город )', ''), '[^\\p{L}]+', '') AS city_key,
            toUInt8OrZero(form[2]) AS day_number,
            toUInt8OrZero(form[3]) AS month_number,
            makeDate(toYear(stat_date - 30), month_number, day_number) AS this_year,
            if(this_year < (stat_date - 30), makeDate(toYear(stat_date - 30) + 1, month_number, day_number), this_year) AS near_day
        FROM zakaz.stg_vk_ads_daily
        FINAL
        WHERE ((toYYYYMM(stat_date) >= {first_month:UInt32}) AND (toYYYYMM(stat_date) <= {last_month:UInt32})) AND (NOT is_deleted) AND ((impressions > 0) OR (clicks > 0) OR (spend != 0) OR (goals > 0))
    ) AS r
    LEFT JOIN
    (
        SELECT
            replaceRegexpAll(alias, '[^\\p{L}]+', '') AS alias_key,
            if(uniqExact(city) = 1, any(city), '') AS only_city
        FROM zakaz.dim_city_alias
        FINAL
        WHERE city != ''
        GROUP BY alias_key
    ) AS a ON a.alias_key = r.city_key
) AS s
LEFT JOIN
(
    SELECT
        v.city AS city,
        w.event_date AS show_day,
        uniqExact(w.account_id, w.event_id) AS event_count,
        any(w.event_id) AS event
    FROM
    (
        SELECT
            account_id,
            event_id,
            event_date
        FROM zakaz.dim_shows
        FINAL
        WHERE deleted_at IS NULL
    ) AS w
    INNER JOIN
    (
        SELECT
            account_id,
            event_id,
            city
        FROM zakaz.dim_events
        FINAL
        WHERE deleted_at IS NULL
    ) AS v ON (v.account_id = w.account_id) AND (v.event_id = w.event_id)
    GROUP BY
        v.city,
        w.event_date
) AS e ON (e.city = s.city) AND (e.show_day = s.show_day)

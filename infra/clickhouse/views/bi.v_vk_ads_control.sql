-- Grain: one row per ad account, Moscow day and currency that the account or its banners tell of.
-- Source: zakaz.stg_vk_ads_account_daily against zakaz.stg_vk_ads_daily, both under FINAL: staging, so
--   that a load can be judged before its facts are rebuilt.
-- Key: (account_id, d, currency). Two methods of the API tell of the same spend: a difference says that
--   banners are missing or counted twice.
-- Rules: equal means that impressions and clicks agree, and spend within what rounding explains: the
--   API rounds each banner's day to the kopeck, so 0.01 for each banner that spent. no_control means that
--   nothing is proven: the account's own sum was not read, or the two differ on a day that was not over
--   yet when they were read one after the other. Vanished banners count for nothing.
CREATE OR REPLACE VIEW bi.v_vk_ads_control
(
    `d` Date COMMENT 'Moscow day of the statistics',
    `account_id` String COMMENT 'Ad account',
    `account_impressions` Nullable(UInt64) COMMENT 'Impressions as the account tells them, NULL when it was not read',
    `banners_impressions` UInt64 COMMENT 'Impressions of its banners added up',
    `account_clicks` Nullable(UInt64) COMMENT 'Clicks as the account tells them, NULL when it was not read',
    `banners_clicks` UInt64 COMMENT 'Clicks of its banners added up',
    `account_spend` Nullable(Decimal(38, 2)) COMMENT 'Spend as the account tells it, NULL when it was not read',
    `banners_spend` Decimal(38, 2) COMMENT 'Spend of its banners added up',
    `spend_difference` Nullable(Decimal(38, 2)) COMMENT 'account_spend minus banners_spend, NULL when the account was not read',
    `spend_tolerance` Decimal(38, 2) COMMENT 'Difference that rounding explains: 0.01 for each banner that spent',
    `status` String COMMENT 'equal, different or no_control',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns',
    `is_final` Bool COMMENT 'True when the source no longer restates the day',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the newest of these rows was written'
)
AS (SELECT
    d,
    account_id,
    told_impressions AS account_impressions,
    counted_impressions AS banners_impressions,
    told_clicks AS account_clicks,
    counted_clicks AS banners_clicks,
    told_spend AS account_spend,
    counted_spend AS banners_spend,
    told_spend - counted_spend AS spend_difference,
    allowed AS spend_tolerance,
    multiIf(told_spend IS NULL, 'no_control', (abs(told_spend - counted_spend) <= allowed) AND (told_clicks = counted_clicks) AND (told_impressions = counted_impressions), 'equal', d >= toDate(written_at), 'no_control', 'different') AS status,
    currency,
    all_final AS is_final,
    written_at AS _loaded_at
FROM
(
    SELECT
        d,
        account_id,
        currency,
        sum(account_shows) AS told_impressions,
        sum(banner_shows) AS counted_impressions,
        sum(account_presses) AS told_clicks,
        sum(banner_presses) AS counted_clicks,
        sum(account_cost) AS told_spend,
        sum(banner_cost) AS counted_spend,
        toDecimal128(countIf(banner_cost != 0), 2) / 100 AS allowed,
        min(final) = 1 AS all_final,
        max(loaded_at) AS written_at
    FROM
    (
        SELECT
            stat_date AS d,
            account_id,
            currency,
            toNullable(impressions) AS account_shows,
            toUInt64(0) AS banner_shows,
            toNullable(clicks) AS account_presses,
            toUInt64(0) AS banner_presses,
            toNullable(spend) AS account_cost,
            toDecimal64(0, 2) AS banner_cost,
            toUInt8(is_final) AS final,
            _loaded_at AS loaded_at
        FROM zakaz.stg_vk_ads_account_daily
        FINAL
        UNION ALL
        SELECT
            stat_date AS d,
            account_id,
            currency,
            CAST(NULL, 'Nullable(UInt64)') AS account_shows,
            impressions AS banner_shows,
            CAST(NULL, 'Nullable(UInt64)') AS account_presses,
            clicks AS banner_presses,
            CAST(NULL, 'Nullable(Decimal(18, 2))') AS account_cost,
            spend AS banner_cost,
            toUInt8(is_final) AS final,
            _loaded_at AS loaded_at
        FROM zakaz.stg_vk_ads_daily
        FINAL
        WHERE NOT is_deleted
    )
    GROUP BY
        d,
        account_id,
        currency
)
SETTINGS do_not_merge_across_partitions_select_final = 1)
COMMENT 'What the ad account says of a day against the sum of its banners'

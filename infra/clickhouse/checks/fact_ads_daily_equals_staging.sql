-- Grain: one row per account, month and currency whose ad fact differs from staging; none is right.
-- Source: zakaz.fact_ads_daily against zakaz.stg_vk_ads_daily. Written apart from the rebuild, so that
--   it cannot share its mistake: the newest answer is taken by argMax, not by FINAL.
-- Key: (account_id, month, currency); months still marked dirty are left out.
-- Needs: zakaz.stg_vk_ads_daily, zakaz.fact_ads_daily.
SELECT
    account_id,
    month,
    currency,
    sum(staging_spend) AS staging_spend_sum,
    sum(fact_spend) AS fact_spend_sum,
    sum(staging_impressions) AS staging_impression_count,
    sum(fact_impressions) AS fact_impression_count,
    sum(staging_clicks) AS staging_click_count,
    sum(fact_clicks) AS fact_click_count,
    sum(staging_goals) AS staging_goal_count,
    sum(fact_goals) AS fact_goal_count
FROM
(
    SELECT
        account_id,
        toYYYYMM(stat_date) AS month,
        newest.5 AS currency,
        toInt64(newest.1) AS staging_impressions,
        toInt64(0) AS fact_impressions,
        toInt64(newest.2) AS staging_clicks,
        toInt64(0) AS fact_clicks,
        newest.3 AS staging_spend,
        toDecimal64(0, 2) AS fact_spend,
        toInt64(newest.4) AS staging_goals,
        toInt64(0) AS fact_goals
    FROM
    (
        SELECT
            account_id,
            banner_id,
            stat_date,
            argMax((impressions, clicks, spend, goals, currency, is_deleted), _ver) AS newest
        FROM zakaz.stg_vk_ads_daily
        GROUP BY
            account_id,
            banner_id,
            stat_date
    )
    WHERE NOT (newest.6)
    UNION ALL
    SELECT
        account_id,
        toYYYYMM(stat_date) AS month,
        currency,
        toInt64(0),
        toInt64(impressions),
        toInt64(0),
        toInt64(clicks),
        toDecimal64(0, 2),
        spend,
        toInt64(0),
        toInt64(goals)
    FROM zakaz.fact_ads_daily
    FINAL
)
WHERE month NOT IN (
    SELECT month
    FROM zakaz.meta_dirty_months
    FINAL
    WHERE is_dirty
)
GROUP BY
    account_id,
    month,
    currency
HAVING (staging_spend_sum != fact_spend_sum) OR (staging_impression_count != fact_impression_count) OR (staging_click_count != fact_click_count) OR (staging_goal_count != fact_goal_count)
ORDER BY
    account_id ASC,
    month ASC,
    currency ASC
SETTINGS do_not_merge_across_partitions_select_final = 1

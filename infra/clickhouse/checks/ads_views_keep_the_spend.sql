-- Grain: one row per view, month and currency whose spend is not that of staging; none is right.
-- Source: bi.v_vk_ads_daily, bi.v_marketing_daily, bi.v_marketing_roi_daily and bi.v_romi_daily against
--   zakaz.stg_vk_ads_daily: no attribution, name or join may lose or multiply a kopeck (H1, H16).
-- Key: (view, month, currency); months still marked dirty are left out.
-- Needs: zakaz.stg_vk_ads_daily, zakaz.fact_ads_daily.
SELECT
    view,
    month,
    currency,
    sum(view_spend) AS view_spend_sum,
    sum(staging_spend) AS staging_spend_sum
FROM
(
    SELECT
        'bi.v_vk_ads_daily' AS view,
        toYYYYMM(d) AS month,
        currency,
        spend AS view_spend,
        toDecimal64(0, 2) AS staging_spend
    FROM bi.v_vk_ads_daily
    UNION ALL
    SELECT
        'bi.v_marketing_daily' AS view,
        toYYYYMM(d) AS month,
        currency,
        spend,
        toDecimal64(0, 2)
    FROM bi.v_marketing_daily
    UNION ALL
    SELECT
        'bi.v_marketing_roi_daily' AS view,
        toYYYYMM(d) AS month,
        currency,
        spend,
        toDecimal64(0, 2)
    FROM bi.v_marketing_roi_daily
    UNION ALL
    SELECT
        'bi.v_romi_daily' AS view,
        toYYYYMM(d) AS month,
        currency,
        spend,
        toDecimal64(0, 2)
    FROM bi.v_romi_daily
    UNION ALL
    SELECT
        arrayJoin(['bi.v_vk_ads_daily', 'bi.v_marketing_daily', 'bi.v_marketing_roi_daily', 'bi.v_romi_daily']) AS view,
        toYYYYMM(stat_date) AS month,
        currency,
        toDecimal64(0, 2),
        spend
    FROM zakaz.stg_vk_ads_daily
    FINAL
    WHERE NOT is_deleted
)
WHERE month NOT IN (
    SELECT month
    FROM zakaz.meta_dirty_months
    FINAL
    WHERE is_dirty
)
GROUP BY
    view,
    month,
    currency
HAVING view_spend_sum != staging_spend_sum
ORDER BY
    view ASC,
    month ASC,
    currency ASC
SETTINGS do_not_merge_across_partitions_select_final = 1

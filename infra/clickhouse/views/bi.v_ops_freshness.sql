-- Grain: one row per source (qtickets, vk), also when nothing was ever loaded.
-- Source: zakaz.fact_qtickets_sales_daily, zakaz.stg_vk_ads_daily and the runs of
--   zakaz.meta_job_runs that ended ok or empty: a quiet night is not a stale load.
-- Key: source. The light is the worse of two clocks: hours since the load and days behind of the
--   business date, so reloading old data never looks fresh (H15); nothing loaded is no_data,
--   never 1970 (D8). Sales: 2 h ok, 6 h warning. Ads are loaded once a day: the same lights of
--   3 h and 8 h count from the next daily load (27 h, 32 h). Both: 1 day behind ok, 2 warning.
CREATE OR REPLACE VIEW bi.v_ops_freshness
(
    `source` String COMMENT 'Source: qtickets or vk',
    `last_loaded_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant of the last load, NULL before the first',
    `hours_since_load` Nullable(Float64) COMMENT 'Hours since the last load, NULL before the first',
    `last_business_date` Nullable(Date) COMMENT 'Newest day that has data: sale date or day of statistics',
    `days_behind` Nullable(Int32) COMMENT 'Days from that day to today in Moscow, NULL without data',
    `status` String COMMENT 'Light: ok, warning, critical or no_data'
)
AS (SELECT
    source,
    last_loaded_at,
    round(seconds_since_load / 3600, 2) AS hours_since_load,
    last_business_date,
    days_late AS days_behind,
    multiIf((last_business_date IS NULL) OR (last_loaded_at IS NULL), 'no_data', (seconds_since_load > if(source = 'vk', 32 * 3600, 6 * 3600)) OR (days_late > 2), 'critical', (seconds_since_load > if(source = 'vk', 27 * 3600, 2 * 3600)) OR (days_late > 1), 'warning', 'ok') AS status
FROM
(
    SELECT
        source,
        loaded AS last_loaded_at,
        business AS last_business_date,
        dateDiff('second', loaded, now('Europe/Moscow')) AS seconds_since_load,
        toInt32(dateDiff('day', business, toDate(now('Europe/Moscow')))) AS days_late
    FROM
    (
        SELECT
            source,
            max(loaded_at) AS loaded,
            max(business_date) AS business
        FROM
        (
            SELECT
                'qtickets' AS source,
                maxOrNull(_loaded_at) AS loaded_at,
                maxOrNullIf(sales_date, orders > 0) AS business_date
            FROM zakaz.fact_qtickets_sales_daily
            FINAL
            UNION ALL
            SELECT
                'vk' AS source,
                maxOrNull(_loaded_at) AS loaded_at,
                maxOrNull(stat_date) AS business_date
            FROM zakaz.stg_vk_ads_daily
            FINAL
            WHERE NOT is_deleted
            UNION ALL
            SELECT
                'qtickets' AS source,
                maxOrNull(finished_at) AS loaded_at,
                CAST(NULL, 'Nullable(Date)') AS business_date
            FROM zakaz.meta_job_runs
            WHERE (job = 'qtickets') AND (status IN ('ok', 'empty'))
            UNION ALL
            SELECT
                'vk' AS source,
                maxOrNull(finished_at) AS loaded_at,
                CAST(NULL, 'Nullable(Date)') AS business_date
            FROM zakaz.meta_job_runs
            WHERE (job = 'vk') AND (status IN ('ok', 'empty'))
        )
        GROUP BY source
    )
)
SETTINGS do_not_merge_across_partitions_select_final = 1)
COMMENT 'Freshness light of each source'

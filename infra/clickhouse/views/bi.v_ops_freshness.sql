-- Grain: one row per source (qtickets, vk), also when nothing was ever loaded.
-- Source: zakaz.meta_stream_runs and zakaz.meta_job_runs for the load,
--   zakaz.fact_qtickets_sales_daily and zakaz.stg_vk_ads_daily for the newest day,
--   zakaz.meta_lost_rows for what is missing.
-- Key: source. The light is that of the load: who sells nothing for a week is not behind. A load is
--   the last run that ended ok or empty and read up to its own present: by the stream that brings the
--   figures (orders, statistics), so that neither a promo code that fails nor a control sum that differs
--   makes them old; never chosen days (--from, --to) nor one thing read again (--id). Sales: 2 h ok, 6 h
--   warning. Ads may be loaded once a day only: their lights of 3 h and 8 h count from the next such load
--   (27 h, 32 h); whoever loads them oftener is watched by zakaz check loads.
--   Data that no such run vouches for are judged by the worse of two clocks, their last write and
--   their newest day (1 day ok, 2 warning), so old data reloaded never look fresh (H15).
--   A source without a day is no_data, loaded or not: never 1970, never green (D8).
CREATE OR REPLACE VIEW bi.v_ops_freshness
(
    `source` String COMMENT 'Source: qtickets or vk',
    `last_loaded_at` Nullable(DateTime('Europe/Moscow')) COMMENT 'Instant of the last load up to the present, else of the last write; NULL before the first',
    `hours_since_load` Nullable(Float64) COMMENT 'Hours since that instant, NULL before the first load',
    `last_business_date` Nullable(Date) COMMENT 'For information: newest day that has data, the last sale or day of ads with any figure',
    `days_behind` Nullable(Int32) COMMENT 'For information: days from that day to today in Moscow, NULL without data',
    `status` String COMMENT 'Light of the load: ok, warning, critical or no_data',
    `lost_rows` UInt64 COMMENT 'Rows of the source that were stored and are lost, as of the last load'
)
AS (SELECT
    source,
    coalesce(reached, written) AS last_loaded_at,
    round(seconds_late / 3600, 2) AS hours_since_load,
    business AS last_business_date,
    days_late AS days_behind,
    multiIf(business IS NULL, 'no_data', (seconds_late > if(source = 'vk', 32 * 3600, 6 * 3600)) OR ((reached IS NULL) AND (days_late > 2)), 'critical', (seconds_late > if(source = 'vk', 27 * 3600, 2 * 3600)) OR ((reached IS NULL) AND (days_late > 1)), 'warning', 'ok') AS status,
    lost AS lost_rows
FROM
(
    SELECT
        source,
        max(read_at) AS reached,
        max(written_at) AS written,
        max(day) AS business,
        sum(missing) AS lost,
        dateDiff('second', coalesce(reached, written), now('Europe/Moscow')) AS seconds_late,
        toInt32(dateDiff('day', business, toDate(now('Europe/Moscow')))) AS days_late
    FROM
    (
        SELECT
            'qtickets' AS source,
            CAST(NULL, 'Nullable(DateTime(\'Europe/Moscow\'))') AS read_at,
            maxOrNull(_loaded_at) AS written_at,
            maxOrNullIf(sales_date, orders > 0) AS day,
            toUInt64(0) AS missing
        FROM zakaz.fact_qtickets_sales_daily
        FINAL
        UNION ALL
        SELECT
            'vk' AS source,
            CAST(NULL, 'Nullable(DateTime(\'Europe/Moscow\'))') AS read_at,
            maxOrNull(_loaded_at) AS written_at,
            maxOrNullIf(stat_date, (impressions > 0) OR (clicks > 0) OR (spend != 0) OR (goals > 0)) AS day,
            toUInt64(0) AS missing
        FROM zakaz.stg_vk_ads_daily
        FINAL
        WHERE NOT is_deleted
        UNION ALL
        SELECT
            job AS source,
            toNullable(finished_at) AS read_at,
            CAST(NULL, 'Nullable(DateTime(\'Europe/Moscow\'))') AS written_at,
            CAST(NULL, 'Nullable(Date)') AS day,
            toUInt64(0) AS missing
        FROM zakaz.meta_stream_runs
        WHERE ((job, stream) IN (('qtickets', 'orders'), ('vk', 'statistics'))) AND (status IN ('ok', 'empty')) AND (mode NOT IN ('payed_at', 'entity', 'days'))
        UNION ALL
        SELECT
            job AS source,
            toNullable(finished_at) AS read_at,
            CAST(NULL, 'Nullable(DateTime(\'Europe/Moscow\'))') AS written_at,
            CAST(NULL, 'Nullable(Date)') AS day,
            toUInt64(0) AS missing
        FROM zakaz.meta_job_runs
        WHERE (job IN ('qtickets', 'vk')) AND (status IN ('ok', 'empty')) AND (mode NOT IN ('payed_at', 'entity', 'days')) AND ((job, run_id) NOT IN (
            SELECT
                job,
                run_id
            FROM zakaz.meta_stream_runs
        ))
        UNION ALL
        SELECT
            if(startsWith(stg_table, 'stg_vk_'), 'vk', 'qtickets') AS source,
            CAST(NULL, 'Nullable(DateTime(\'Europe/Moscow\'))') AS read_at,
            CAST(NULL, 'Nullable(DateTime(\'Europe/Moscow\'))') AS written_at,
            CAST(NULL, 'Nullable(Date)') AS day,
            lost_rows AS missing
        FROM zakaz.meta_lost_rows
        FINAL
        WHERE startsWith(stg_table, 'stg_')
    )
    GROUP BY source
)
SETTINGS do_not_merge_across_partitions_select_final = 1)
COMMENT 'Freshness light of each source'

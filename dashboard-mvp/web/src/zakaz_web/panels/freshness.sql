-- Not a panel of its own: the badge in the header.
-- Grain: one row per source.
-- Reads: bi.v_ops_freshness.
SELECT
    source,
    last_loaded_at,
    hours_since_load,
    last_business_date,
    days_behind,
    status,
    lost_rows
FROM bi.v_ops_freshness
ORDER BY source

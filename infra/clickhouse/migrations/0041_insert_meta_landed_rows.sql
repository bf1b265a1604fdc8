-- Grain: one row per key of the tables that sources and plans are loaded into, newest version.
-- Source: those tables as they are when this version comes: what is there now must stay.
-- Key: (stg_table, account_id, row_key). An empty store gets no row, nor does a store that has this
--   migration in its journal, so that the bundle may be applied twice.
INSERT INTO zakaz.meta_landed_rows (stg_table, account_id, row_key, job, run_id, batch, is_deleted, _ver, _loaded_at) SELECT
    stg_table,
    account_id,
    row_key,
    '' AS job,
    '' AS run_id,
    0 AS batch,
    is_deleted,
    _ver,
    _loaded_at
FROM
(
    SELECT
        'stg_qtickets_orders' AS stg_table,
        account_id,
        order_id AS row_key,
        deleted_at IS NOT NULL AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_qtickets_orders
    FINAL
    UNION ALL
    SELECT
        'stg_qtickets_baskets' AS stg_table,
        account_id,
        basket_id AS row_key,
        deleted_at IS NOT NULL AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_qtickets_baskets
    FINAL
    UNION ALL
    SELECT
        'stg_qtickets_events' AS stg_table,
        account_id,
        event_id AS row_key,
        deleted_at IS NOT NULL AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_qtickets_events
    FINAL
    UNION ALL
    SELECT
        'stg_qtickets_shows' AS stg_table,
        account_id,
        show_id AS row_key,
        deleted_at IS NOT NULL AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_qtickets_shows
    FINAL
    UNION ALL
    SELECT
        'stg_qtickets_inventory' AS stg_table,
        account_id,
        show_id AS row_key,
        false AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_qtickets_inventory
    FINAL
    UNION ALL
    SELECT
        'stg_qtickets_discounts' AS stg_table,
        account_id,
        discount_id AS row_key,
        deleted_at IS NOT NULL AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_qtickets_discounts
    FINAL
    UNION ALL
    SELECT
        'stg_qtickets_promo_codes' AS stg_table,
        account_id,
        promo_code_id AS row_key,
        deleted_at IS NOT NULL AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_qtickets_promo_codes
    FINAL
    UNION ALL
    SELECT
        'stg_vk_ads_daily' AS stg_table,
        account_id,
        concat(toString(banner_id), '/', toString(stat_date)) AS row_key,
        is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_vk_ads_daily
    FINAL
    UNION ALL
    SELECT
        'stg_vk_ads_account_daily' AS stg_table,
        account_id,
        toString(stat_date) AS row_key,
        false AS is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.stg_vk_ads_account_daily
    FINAL
    UNION ALL
    SELECT
        'plan_sales' AS stg_table,
        account_id,
        concat(toString(sales_date), '/', toString(event_id), '/', toString(currency)) AS row_key,
        is_deleted,
        _ver,
        _loaded_at
    FROM zakaz.plan_sales
    FINAL
)
WHERE (
    SELECT count()
    FROM zakaz.schema_migrations
    FINAL
    WHERE version = 41
) = 0

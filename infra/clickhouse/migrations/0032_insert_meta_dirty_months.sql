-- Grain: one row per month with sales.
-- Source: zakaz.stg_qtickets_orders.
-- Key: month. A store that was filled before sales by promo code became a fact computes all its
--   months once, at the next sync; an empty store gets no row, nor does a store that has this
--   migration in its journal, so that the bundle may be applied twice.
INSERT INTO zakaz.meta_dirty_months (month, is_dirty)
SELECT DISTINCT
    toYYYYMM(assumeNotNull(payed_at)) AS month,
    true AS is_dirty
FROM zakaz.stg_qtickets_orders
FINAL
WHERE (payed_at IS NOT NULL) AND ((
    SELECT count()
    FROM zakaz.schema_migrations
    FINAL
    WHERE version = 32
) = 0)

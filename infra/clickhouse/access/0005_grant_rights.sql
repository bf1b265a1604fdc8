-- Grain: one grant per role and object.
-- Source: this repository.
-- Key: role and object. The writer may exchange partitions of what is rebuilt (ALTER DELETE is what
--   REPLACE and DROP PARTITION ask for) and nothing else may be deleted; it may never DROP (C7, C8).
--   Readers see bi only: the views run as bi_definer, who alone reads the tables for them.
GRANT SELECT, INSERT ON zakaz.* TO role_etl_writer;

GRANT SELECT ON bi.* TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.dim_events TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.dim_events_next TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.dim_shows TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.dim_shows_next TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_sales_daily TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_sales_daily_next TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_sales_hourly TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_sales_hourly_next TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_inventory_latest TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_inventory_latest_next TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_promo_codes_daily TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_qtickets_promo_codes_daily_next TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.dim_ads TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.dim_ads_next TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_ads_daily TO role_etl_writer;

GRANT ALTER DELETE ON zakaz.fact_ads_daily_next TO role_etl_writer;

GRANT SELECT ON bi.* TO role_bi_reader;

GRANT SELECT ON zakaz.* TO bi_definer;

GRANT SELECT ON bi.* TO bi_definer;

GRANT role_etl_writer TO etl_writer;

GRANT role_bi_reader TO datalens_reader;

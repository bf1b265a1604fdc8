-- Grain: one statement per view.
-- Source: this repository; a server only. Applied after the views: replacing a view forgets this.
-- Key: view name. Without it a reader would need rights on the tables under the view.
ALTER TABLE bi.v_events
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_job_runs
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_ops_freshness
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_sales_daily
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_sales_hourly
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_shows
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_inventory
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_sales_utm_daily
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_promo_codes_daily
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_vk_ads_daily
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_vk_ads_control
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_marketing_daily
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_marketing_roi_daily
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_romi_daily
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

ALTER TABLE bi.v_plan_vs_fact
    (MODIFY DEFINER = bi_definer SQL SECURITY DEFINER);

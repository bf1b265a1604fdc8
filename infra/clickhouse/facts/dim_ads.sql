-- Grain: one row per banner (ad) of one account that has statistics; vanished days give no row.
-- Source: zakaz.stg_vk_ads_daily under FINAL.
-- Key: that of the dimension. Rebuilt whole into the twin; zakaz.facts swaps it in.
-- Rules: names, parents and tags are those of the last fetch, of its newest day. An answer that no
--   longer knows the group of an archived ad does not take its names away.
INSERT INTO zakaz.dim_ads_next (account_id, banner_id, banner_name, ad_plan_id, ad_plan_name, ad_group_id, ad_group_name, objective, utm_source, utm_medium, utm_campaign, utm_content, utm_term, utm_is_dynamic, first_on, last_on, _ver, _loaded_at)
SETTINGS do_not_merge_across_partitions_select_final = 1, max_threads = 1, max_block_size = 8192
SELECT
    account_id,
    banner_id,
    newest.1 AS banner_name,
    newest.2 AS ad_plan_id,
    newest.3 AS ad_plan_name,
    newest.4 AS ad_group_id,
    newest.5 AS ad_group_name,
    newest.6 AS objective,
    newest.7 AS utm_source,
    newest.8 AS utm_medium,
    newest.9 AS utm_campaign,
    newest.10 AS utm_content,
    newest.11 AS utm_term,
    newest.12 AS utm_is_dynamic,
    first_day AS first_on,
    last_day AS last_on,
    {rebuilt_at_ms:UInt64} AS _ver,
    toDateTime(intDiv({rebuilt_at_ms:UInt64}, 1000), 'Europe/Moscow') AS _loaded_at
FROM
(
    SELECT
        account_id,
        banner_id,
        argMax((banner_name, ad_plan_id, ad_plan_name, ad_group_id, ad_group_name, objective, utm_source, utm_medium, utm_campaign, utm_content, utm_term, utm_is_dynamic), (ad_group_id != '', _ver, stat_date)) AS newest,
        min(stat_date) AS first_day,
        max(stat_date) AS last_day
    FROM zakaz.stg_vk_ads_daily
    FINAL
    WHERE NOT is_deleted
    GROUP BY
        account_id,
        banner_id
)

-- Grain: one row per source, account, Moscow day, city, event, campaign, five UTM fields and currency:
--   a row is either of sales or of ads, never of both.
-- Source: zakaz.fact_qtickets_sales_daily and zakaz.fact_ads_daily, named by zakaz.dim_events and
--   zakaz.dim_ads.
-- Key: (d, source, account_id, city, event_id, ad_plan_id, five UTM, currency). The two sides stand
--   under each other and are never joined, so any sum over any columns holds the whole revenue and the
--   whole spend (H1, H2, H16). Divide sums for a ratio.
-- Rules: a sale belongs to the only campaign whose ads carry its source, medium, campaign and content,
--   else to the only one that carries the first three; tags of no or of several campaigns are unknown.
CREATE OR REPLACE VIEW bi.v_marketing_daily
(
    `d` Date COMMENT 'Moscow day of sale or of spend',
    `source` String COMMENT 'Side of the row: qtickets for sales, vk for ads',
    `account_id` String COMMENT 'Organiser account of sales, ad account of ads',
    `city` String COMMENT 'Canonical city of the event or of the ad, unknown when nothing names one',
    `event_id` String COMMENT 'Event of the sale, or that the spend is attributed to; unknown when none',
    `event_name` String COMMENT 'Name of the event, empty when it is not known',
    `ad_plan_id` String COMMENT 'Campaign (ad plan) of the spend, or whose tags the sale carries; unknown when none',
    `ad_plan_name` String COMMENT 'Newest name of the campaign, empty when it is not known',
    `utm_source` String COMMENT 'Normalised utm_source, unknown when absent',
    `utm_medium` String COMMENT 'Normalised utm_medium, unknown when absent',
    `utm_campaign` String COMMENT 'Normalised utm_campaign, unknown when absent',
    `utm_content` String COMMENT 'Normalised utm_content, unknown when absent',
    `utm_term` String COMMENT 'Normalised utm_term, unknown when absent',
    `orders` UInt64 COMMENT 'Paid orders, each counted once; 0 for ads',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned; 0 for ads',
    `revenue` Decimal(38, 2) COMMENT 'Net revenue: gross minus refunds; 0 for ads',
    `impressions` UInt64 COMMENT 'Impressions; 0 for sales',
    `clicks` UInt64 COMMENT 'Clicks; 0 for sales',
    `goals` UInt64 COMMENT 'Conversions as the ad cabinet counts them; 0 for sales',
    `spend` Decimal(38, 2) COMMENT 'Spend without VAT; 0 for sales',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the newest of these figures was computed'
)
AS (SELECT
    d,
    source,
    account_id,
    city,
    event_id,
    event_name,
    ad_plan_id,
    ad_plan_name,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_content,
    utm_term,
    orders,
    tickets_sold,
    revenue,
    impressions,
    clicks,
    goals,
    spend,
    currency,
    _loaded_at
FROM
(
    SELECT
        f.sales_date AS d,
        'qtickets' AS source,
        f.account_id AS account_id,
        if(e.city = '', 'unknown', e.city) AS city,
        if(f.event_id = '', 'unknown', f.event_id) AS event_id,
        e.event_name AS event_name,
        multiIf(t.plan_count = 1, t.plan, (t.plan_count = 0) AND (c.plan_count = 1), c.plan, 'unknown') AS ad_plan_id,
        multiIf(t.plan_count = 1, t.plan_name, (t.plan_count = 0) AND (c.plan_count = 1), c.plan_name, '') AS ad_plan_name,
        if(f.source_tag = '', 'unknown', f.source_tag) AS utm_source,
        if(f.medium_tag = '', 'unknown', f.medium_tag) AS utm_medium,
        if(f.campaign_tag = '', 'unknown', f.campaign_tag) AS utm_campaign,
        if(f.content_tag = '', 'unknown', f.content_tag) AS utm_content,
        if(f.term_tag = '', 'unknown', f.term_tag) AS utm_term,
        f.order_count AS orders,
        f.ticket_count AS tickets_sold,
        f.revenue_sum AS revenue,
        toUInt64(0) AS impressions,
        toUInt64(0) AS clicks,
        toUInt64(0) AS goals,
        toDecimal128(0, 2) AS spend,
        f.currency AS currency,
        f.computed_at AS _loaded_at
    FROM
    (
        SELECT
            account_id,
            sales_date,
            event_id,
            currency,
            utm_source AS source_tag,
            utm_medium AS medium_tag,
            utm_campaign AS campaign_tag,
            utm_content AS content_tag,
            utm_term AS term_tag,
            sum(orders) AS order_count,
            sum(tickets_sold) AS ticket_count,
            sum(revenue) AS revenue_sum,
            max(_loaded_at) AS computed_at
        FROM zakaz.fact_qtickets_sales_daily
        FINAL
        WHERE (orders > 0) OR (tickets_sold > 0) OR (gross != 0) OR (refunds != 0)
        GROUP BY
            account_id,
            sales_date,
            event_id,
            currency,
            source_tag,
            medium_tag,
            campaign_tag,
            content_tag,
            term_tag
    ) AS f
    LEFT JOIN
    (
        SELECT
            account_id,
            event_id,
            event_name,
            city
        FROM zakaz.dim_events
        FINAL
    ) AS e ON (e.account_id = f.account_id) AND (e.event_id = f.event_id)
    LEFT JOIN
    (
        SELECT
            utm_source,
            utm_medium,
            utm_campaign,
            utm_content,
            uniqExact(account_id, ad_plan_id) AS plan_count,
            any(ad_plan_id) AS plan,
            argMax(ad_plan_name, last_on) AS plan_name
        FROM zakaz.dim_ads
        FINAL
        WHERE (ad_plan_id != '') AND (utm_campaign != '')
        GROUP BY
            utm_source,
            utm_medium,
            utm_campaign,
            utm_content
    ) AS t ON (t.utm_source = f.source_tag) AND (t.utm_medium = f.medium_tag) AND (t.utm_campaign = f.campaign_tag) AND (t.utm_content = f.content_tag)
    LEFT JOIN
    (
        SELECT
            utm_source,
            utm_medium,
            utm_campaign,
            uniqExact(account_id, ad_plan_id) AS plan_count,
            any(ad_plan_id) AS plan,
            argMax(ad_plan_name, last_on) AS plan_name
        FROM zakaz.dim_ads
        FINAL
        WHERE (ad_plan_id != '') AND (utm_campaign != '')
        GROUP BY
            utm_source,
            utm_medium,
            utm_campaign
    ) AS c ON (c.utm_source = f.source_tag) AND (c.utm_medium = f.medium_tag) AND (c.utm_campaign = f.campaign_tag)
    UNION ALL
    SELECT
        a.stat_date AS d,
        'vk' AS source,
        a.account_id AS account_id,
        a.city AS city,
        if(a.event_id = '', 'unknown', a.event_id) AS event_id,
        n.event_name AS event_name,
        if(a.ad_plan_id = '', 'unknown', a.ad_plan_id) AS ad_plan_id,
        p.plan_name AS ad_plan_name,
        if(a.source_tag = '', 'unknown', a.source_tag) AS utm_source,
        if(a.medium_tag = '', 'unknown', a.medium_tag) AS utm_medium,
        if(a.campaign_tag = '', 'unknown', a.campaign_tag) AS utm_campaign,
        if(a.content_tag = '', 'unknown', a.content_tag) AS utm_content,
        if(a.term_tag = '', 'unknown', a.term_tag) AS utm_term,
        toUInt64(0) AS orders,
        toUInt64(0) AS tickets_sold,
        toDecimal128(0, 2) AS revenue,
        a.impression_count AS impressions,
        a.click_count AS clicks,
        a.goal_count AS goals,
        a.spend_sum AS spend,
        a.currency AS currency,
        a.computed_at AS _loaded_at
    FROM
    (
        SELECT
            account_id,
            stat_date,
            city,
            event_id,
            ad_plan_id,
            currency,
            utm_source AS source_tag,
            utm_medium AS medium_tag,
            utm_campaign AS campaign_tag,
            utm_content AS content_tag,
            utm_term AS term_tag,
            sum(impressions) AS impression_count,
            sum(clicks) AS click_count,
            sum(goals) AS goal_count,
            sum(spend) AS spend_sum,
            max(_loaded_at) AS computed_at
        FROM zakaz.fact_ads_daily
        FINAL
        GROUP BY
            account_id,
            stat_date,
            city,
            event_id,
            ad_plan_id,
            currency,
            source_tag,
            medium_tag,
            campaign_tag,
            content_tag,
            term_tag
    ) AS a
    LEFT JOIN
    (
        SELECT
            event_id,
            any(event_name) AS event_name
        FROM
        (
            SELECT
                event_id,
                event_name
            FROM zakaz.dim_events
            FINAL
        )
        GROUP BY event_id
    ) AS n ON n.event_id = a.event_id
    LEFT JOIN
    (
        SELECT
            account_id,
            ad_plan_id,
            argMax(ad_plan_name, last_on) AS plan_name
        FROM zakaz.dim_ads
        FINAL
        WHERE ad_plan_id != ''
        GROUP BY
            account_id,
            ad_plan_id
    ) AS p ON (p.account_id = a.account_id) AND (p.ad_plan_id = a.ad_plan_id)
)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0)
COMMENT 'Sales and ads by day, city, event, campaign and UTM, side under side'

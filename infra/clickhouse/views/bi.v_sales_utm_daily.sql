-- Grain: one row per account, Moscow day of sale, event, currency and five UTM fields; shows added up.
-- Source: zakaz.fact_qtickets_sales_daily, named by zakaz.dim_events.
-- Key: (account_id, d, event_id, currency, five UTM). Missing UTM is unknown, in views only.
-- Rules: the share of orders without UTM is that of utm_group unknown. The groups are the media of the
--   tagging rules; any other medium, or none beside other tags, is other.
CREATE OR REPLACE VIEW bi.v_sales_utm_daily
(
    `d` Date COMMENT 'Moscow day of sale; of the refund for refunds_by_refund_date',
    `account_id` String COMMENT 'Organiser account',
    `event_id` String COMMENT 'Event of the tickets',
    `event_name` String COMMENT 'Name of the event, empty when the event is not loaded yet',
    `city` String COMMENT 'Canonical city of the event, unknown when nothing names one',
    `utm_source` String COMMENT 'Normalised utm_source, unknown when absent',
    `utm_medium` String COMMENT 'Normalised utm_medium, unknown when absent',
    `utm_campaign` String COMMENT 'Normalised utm_campaign, unknown when absent',
    `utm_content` String COMMENT 'Normalised utm_content, unknown when absent',
    `utm_term` String COMMENT 'Normalised utm_term, unknown when absent',
    `utm_group` String COMMENT 'unknown without any tag, else the medium: cpc, social, organic, email, referral or other',
    `orders` UInt64 COMMENT 'Paid orders, each counted once',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `gross` Decimal(38, 2) COMMENT 'Price of paid tickets that are not deleted, returned ones included',
    `refunds` Decimal(38, 2) COMMENT 'Money given back for tickets sold on this day',
    `revenue` Decimal(38, 2) COMMENT 'Net revenue: gross minus refunds',
    `refunds_by_refund_date` Decimal(38, 2) COMMENT 'Money given back on this day, whenever the ticket was sold',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the newest of these figures was computed'
)
AS (SELECT
    f.sales_date AS d,
    f.account_id AS account_id,
    f.event_id AS event_id,
    e.event_name AS event_name,
    if(e.city = '', 'unknown', e.city) AS city,
    if(f.source_tag = '', 'unknown', f.source_tag) AS utm_source,
    if(f.medium_tag = '', 'unknown', f.medium_tag) AS utm_medium,
    if(f.campaign_tag = '', 'unknown', f.campaign_tag) AS utm_campaign,
    if(f.content_tag = '', 'unknown', f.content_tag) AS utm_content,
    if(f.term_tag = '', 'unknown', f.term_tag) AS utm_term,
    multiIf(concat(f.source_tag, f.medium_tag, f.campaign_tag, f.content_tag, f.term_tag) = '', 'unknown', has(['cpc', 'social', 'organic', 'email', 'referral'], f.medium_tag), f.medium_tag, 'other') AS utm_group,
    f.order_count AS orders,
    f.ticket_count AS tickets_sold,
    f.gross_sum AS gross,
    f.refund_sum AS refunds,
    f.revenue_sum AS revenue,
    f.refund_day_sum AS refunds_by_refund_date,
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
        sum(gross) AS gross_sum,
        sum(refunds) AS refund_sum,
        sum(revenue) AS revenue_sum,
        sum(refunds_by_refund_date) AS refund_day_sum,
        max(_loaded_at) AS computed_at
    FROM zakaz.fact_qtickets_sales_daily
    FINAL
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
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0)
COMMENT 'Ticket sales by day, event and UTM'

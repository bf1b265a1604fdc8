-- Panels: sales by source, by source and medium, by campaign, by content, by all five tags.
-- Grain: one row per table and value of its tags, unknown where a tag is absent, for one currency;
--   `fields` names the tags of the table, any other tag is '', which no value of the view is. What is
--   neither among the first `top` of its table in the order of `sort` nor without any of its tags is
--   joined into one row, unless that is but one. compared_ is of the period's whole days, previous_ of
--   as many days before.
-- Reads: bi.v_sales_utm_daily, once for all five.
SELECT
    fields,
    is_shown,
    if(is_shown, source_tag, '') AS source_key,
    if(is_shown, medium_tag, '') AS medium_key,
    if(is_shown, campaign_tag, '') AS campaign_key,
    if(is_shown, content_tag, '') AS content_key,
    if(is_shown, term_tag, '') AS term_key,
    count() AS value_count,
    sum(order_count) AS orders_sum,
    sum(ticket_count) AS tickets_sum,
    sum(money) AS revenue_sum,
    sum(compared_money) AS compared_revenue,
    sum(previous_money) AS previous_revenue
FROM
(
    SELECT
        *,
        place <= {top:UInt32} OR is_untagged AS is_first,
        is_first OR countIf(NOT is_first) OVER (PARTITION BY fields) < 2 AS is_shown
    FROM
    (
        SELECT
            *,
            [source_tag, medium_tag, campaign_tag, content_tag, term_tag] AS tags,
            arrayFilter(
                (field, tag) -> tag != '',
                ['source', 'medium', 'campaign', 'content', 'term'],
                tags
            ) AS fields,
            arrayAll(tag -> tag IN ('', 'unknown'), tags) AS is_untagged,
            multiIf(
                endsWith({sort:String}, 'orders'), toFloat64(order_count),
                endsWith({sort:String}, 'tickets'), toFloat64(ticket_count),
                endsWith({sort:String}, 'average_ticket'), toFloat64(money) / nullIf(ticket_count, 0),
                endsWith({sort:String}, 'change'),
                    if(previous_money > 0, toFloat64(compared_money) / toFloat64(previous_money), NULL),
                toFloat64(money)
            ) AS sort_value,
            row_number() OVER (
                PARTITION BY fields
                ORDER BY
                    if(startsWith({sort:String}, '-'), -sort_value, sort_value) ASC NULLS LAST,
                    money DESC,
                    order_count DESC,
                    source_tag,
                    medium_tag,
                    campaign_tag,
                    content_tag,
                    term_tag
            ) AS place
        FROM
        (
            SELECT
                utm_source AS source_tag,
                utm_medium AS medium_tag,
                utm_campaign AS campaign_tag,
                utm_content AS content_tag,
                utm_term AS term_tag,
                sumIf(orders, d >= {from:Date}) AS order_count,
                sumIf(tickets_sold, d >= {from:Date}) AS ticket_count,
                sumIf(revenue, d >= {from:Date}) AS money,
                sumIf(revenue, d >= {from:Date} AND d < {cut_day:Date}) AS compared_money,
                sumIf(orders, d < {from:Date}) AS previous_count,
                sumIf(revenue, d < {from:Date}) AS previous_money
            FROM bi.v_sales_utm_daily
            WHERE currency = {currency:String}
                AND d <= {to:Date}
                AND (d >= {from:Date} OR (d >= {previous_from:Date} AND d < {previous_cut_day:Date}))
                AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
                AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
                AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, utm_source))
                AND (empty({mediums:Array(String)}) OR has({mediums:Array(String)}, utm_medium))
                AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, utm_campaign))
                AND (empty({contents:Array(String)}) OR has({contents:Array(String)}, utm_content))
                AND (empty({terms:Array(String)}) OR has({terms:Array(String)}, utm_term))
            GROUP BY
                GROUPING SETS (
                    (utm_source),
                    (utm_source, utm_medium),
                    (utm_campaign),
                    (utm_content),
                    (utm_source, utm_medium, utm_campaign, utm_content, utm_term)
                )
            HAVING order_count + ticket_count + previous_count > 0
                OR money != 0
                OR previous_money != 0
        )
    )
)
GROUP BY fields, is_shown, source_key, medium_key, campaign_key, content_key, term_key
ORDER BY fields, is_shown DESC, min(place)

-- Panel: tags outside the naming rule.
-- Grain: one row per field and value that breaks the rule, with all it breaks, for one currency. An
--   order stands in the row of each of its faulty values, so rows of different fields overlap.
-- Reads: bi.v_sales_utm_daily, without the orders that carry no tag at all.
-- Rules: letters a-z, digits, - and _, in content Cyrillic too; the medium is one of five; the campaign
--   is product-channel-YYYYMM; source, medium and campaign stand beside any other tag.
SELECT
    field AS field_name,
    value AS value_key,
    arrayFilter(
        rule -> rule != '',
        [
            if(value_key = 'unknown', 'missing', ''),
            if(
                match(value_key, if(field_name = 'content', '^[a-zа-яё0-9_-]+$', '^[a-z0-9_-]+$')),
                '',
                'letters'
            ),
            if(
                field_name = 'medium' AND value_key != 'unknown'
                    AND NOT has(['cpc', 'social', 'organic', 'email', 'referral'], value_key),
                'medium',
                ''
            ),
            if(
                field_name = 'campaign' AND value_key != 'unknown'
                    AND NOT match(value_key, '^[^-].*-[^-]+-20[0-9]{2}(0[1-9]|1[0-2])$'),
                'campaign',
                ''
            )
        ]
    ) AS broken_rules,
    sum(orders) AS orders_sum,
    sum(tickets_sold) AS tickets_sum,
    sum(revenue) AS revenue_sum
FROM bi.v_sales_utm_daily
ARRAY JOIN
    ['source', 'medium', 'campaign', 'content', 'term'] AS field,
    [utm_source, utm_medium, utm_campaign, utm_content, utm_term] AS value
WHERE currency = {currency:String}
    AND d >= {from:Date}
    AND d <= {to:Date}
    AND utm_group != 'unknown'
    AND (value != 'unknown' OR field IN ('source', 'medium', 'campaign'))
    AND (orders + tickets_sold > 0 OR gross != 0)
    AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
    AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, utm_source))
    AND (empty({mediums:Array(String)}) OR has({mediums:Array(String)}, utm_medium))
    AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, utm_campaign))
    AND (empty({contents:Array(String)}) OR has({contents:Array(String)}, utm_content))
    AND (empty({terms:Array(String)}) OR has({terms:Array(String)}, utm_term))
GROUP BY field_name, value_key
HAVING notEmpty(broken_rules)
ORDER BY revenue_sum DESC, orders_sum DESC, field_name, value_key

-- Panel: the tiles of the UTM page.
-- Grain: one row, for one currency: sums of the period, of its whole days (compared_) and of as many
--   days of the period before (previous_); orders of the last seven days and of the seven before.
-- Reads: bi.v_sales_utm_daily. The two weeks know no choice of tags: they tell how well links are tagged.
SELECT
    sumIf(orders, in_period) AS orders_sum,
    sumIf(tickets_sold, in_period) AS tickets_sum,
    sumIf(revenue, in_period) AS revenue_sum,
    sumIf(orders, in_period AND is_untagged) AS untagged_orders_sum,
    sumIf(revenue, in_period AND is_untagged) AS untagged_revenue_sum,
    sumIf(orders, in_compared) AS compared_orders,
    sumIf(tickets_sold, in_compared) AS compared_tickets,
    sumIf(revenue, in_compared) AS compared_revenue,
    sumIf(orders, in_compared AND is_untagged) AS compared_untagged_orders,
    sumIf(revenue, in_compared AND is_untagged) AS compared_untagged_revenue,
    sumIf(orders, in_previous) AS previous_orders,
    sumIf(tickets_sold, in_previous) AS previous_tickets,
    sumIf(revenue, in_previous) AS previous_revenue,
    sumIf(orders, in_previous AND is_untagged) AS previous_untagged_orders,
    sumIf(revenue, in_previous AND is_untagged) AS previous_untagged_revenue,
    sumIf(orders, in_week) AS week_orders_sum,
    sumIf(orders, in_week AND is_untagged) AS week_untagged_orders_sum,
    sumIf(orders, in_week_before) AS previous_week_orders,
    sumIf(orders, in_week_before AND is_untagged) AS previous_week_untagged_orders
FROM
(
    SELECT
        (empty({sources:Array(String)}) OR has({sources:Array(String)}, utm_source))
            AND (empty({mediums:Array(String)}) OR has({mediums:Array(String)}, utm_medium))
            AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, utm_campaign))
            AND (empty({contents:Array(String)}) OR has({contents:Array(String)}, utm_content))
            AND (empty({terms:Array(String)}) OR has({terms:Array(String)}, utm_term)) AS is_chosen,
        is_chosen AND d >= {from:Date} AND d <= {to:Date} AS in_period,
        in_period AND d < {cut_day:Date} AS in_compared,
        is_chosen AND d >= {previous_from:Date} AND d < {previous_cut_day:Date} AS in_previous,
        d > {today:Date} - 7 AND d <= {today:Date} AS in_week,
        d > {today:Date} - 14 AND d <= {today:Date} - 7 AS in_week_before,
        utm_group = 'unknown' AS is_untagged,
        orders,
        tickets_sold,
        revenue
    FROM bi.v_sales_utm_daily
    WHERE currency = {currency:String}
        AND ((d >= {from:Date} AND d <= {to:Date})
            OR (d >= {previous_from:Date} AND d < {previous_cut_day:Date})
            OR (d > {today:Date} - 14 AND d <= {today:Date}))
        AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
        AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
)

-- Panel: the KPI tiles.
-- Grain: one row, for one currency: sums of the period, of its closed hours (compared_) and of the
--   same stretch of the period before (previous_).
-- Reads: bi.v_sales_daily for whole days, bi.v_sales_hourly for the one day that is cut.
SELECT
    sumIf(orders, in_period) AS orders_sum,
    sumIf(tickets_sold, in_period) AS tickets_sum,
    sumIf(gross, in_period) AS gross_sum,
    sumIf(refunds, in_period) AS refunds_sum,
    sumIf(revenue, in_period) AS revenue_sum,
    sumIf(orders, in_compared) AS compared_orders,
    sumIf(tickets_sold, in_compared) AS compared_tickets,
    sumIf(gross, in_compared) AS compared_gross,
    sumIf(refunds, in_compared) AS compared_refunds,
    sumIf(revenue, in_compared) AS compared_revenue,
    sumIf(orders, in_previous) AS previous_orders,
    sumIf(tickets_sold, in_previous) AS previous_tickets,
    sumIf(gross, in_previous) AS previous_gross,
    sumIf(refunds, in_previous) AS previous_refunds,
    sumIf(revenue, in_previous) AS previous_revenue
FROM
(
    SELECT
        d >= {from:Date} AS in_period,
        d >= {from:Date} AND d < {cut_day:Date} AS in_compared,
        d >= {previous_from:Date} AND d < {previous_cut_day:Date} AS in_previous,
        orders,
        tickets_sold,
        gross,
        refunds,
        revenue
    FROM bi.v_sales_daily
    WHERE currency = {currency:String}
        AND d <= {to:Date}
        AND (d >= {from:Date} OR (d >= {previous_from:Date} AND d <= {previous_to:Date}))
        AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
        AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    UNION ALL
    SELECT
        false AS in_period,
        toDate(sales_hour) = {cut_day:Date} AS in_compared,
        toDate(sales_hour) = {previous_cut_day:Date} AS in_previous,
        orders,
        tickets_sold,
        gross,
        refunds,
        revenue
    FROM bi.v_sales_hourly
    WHERE currency = {currency:String}
        AND toDate(sales_hour) IN ({cut_day:Date}, {previous_cut_day:Date})
        AND toHour(sales_hour) < {cut_hour:UInt8}
        AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
        AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
)

-- Panel: the event table.
-- Grain: one row per event that sold in the period or in the last 14 days of it, for one currency.
--   recent_ and before_ are the last seven times 24 hours up to the cut, and the seven before.
-- Reads: bi.v_sales_daily for the period, bi.v_sales_hourly for the two weeks.
SELECT
    event_id AS event_key,
    max(event_name) AS shown_name,
    max(city_name) AS shown_city,
    sum(recent_tickets) AS recent_sum,
    sum(before_tickets) AS before_sum,
    sum(tickets_sold) AS tickets_sum,
    sum(orders) AS orders_sum,
    sum(revenue) AS revenue_sum
FROM
(
    SELECT
        event_id,
        event_name,
        city_name,
        toUInt64(0) AS recent_tickets,
        toUInt64(0) AS before_tickets,
        tickets_sold,
        orders,
        revenue
    FROM bi.v_sales_daily
    WHERE currency = {currency:String}
        AND d >= {from:Date}
        AND d <= {to:Date}
        AND (orders + tickets_sold > 0 OR gross != 0)
        AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
        AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    UNION ALL
    SELECT
        event_id,
        event_name,
        city_name,
        if(is_recent, sold_tickets, 0) AS recent_tickets,
        if(is_recent, 0, sold_tickets) AS before_tickets,
        toUInt64(0) AS tickets_sold,
        toUInt64(0) AS orders,
        toDecimal128(0, 2) AS revenue
    FROM
    (
        SELECT
            event_id,
            event_name,
            city_name,
            tickets_sold AS sold_tickets,
            toDate(sales_hour) > {cut_day:Date} - 7
                OR (toDate(sales_hour) = {cut_day:Date} - 7 AND toHour(sales_hour) >= {cut_hour:UInt8})
                AS is_recent
        FROM bi.v_sales_hourly
        WHERE currency = {currency:String}
            AND toDate(sales_hour) >= {cut_day:Date} - 14
            AND toDate(sales_hour) <= {cut_day:Date}
            AND (toDate(sales_hour) > {cut_day:Date} - 14 OR toHour(sales_hour) >= {cut_hour:UInt8})
            AND (toDate(sales_hour) < {cut_day:Date} OR toHour(sales_hour) < {cut_hour:UInt8})
            AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
            AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    )
)
GROUP BY event_key
ORDER BY revenue_sum DESC, event_key

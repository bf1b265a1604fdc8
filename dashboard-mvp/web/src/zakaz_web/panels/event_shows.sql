-- Panel: what each show of one event sold; also the event's tiles, which are its sums.
-- Grain: one row per show that has sales, for one currency; the show '' holds orders without tickets.
-- Reads: bi.v_sales_daily, bi.v_shows for the names of shows that were deleted since.
SELECT
    sold.show_id AS show_key,
    sold.orders_sum AS orders_sum,
    sold.tickets_sum AS tickets_sum,
    sold.gross_sum AS gross_sum,
    sold.refunds_sum AS refunds_sum,
    sold.revenue_sum AS revenue_sum,
    named.show_name AS show_name,
    named.city_timezone AS city_timezone,
    named.begins_at AS starts_at,
    named.show_day AS event_date,
    named.is_deleted AS is_deleted
FROM
(
    SELECT
        account_id,
        show_id,
        sum(orders) AS orders_sum,
        sum(tickets_sold) AS tickets_sum,
        sum(gross) AS gross_sum,
        sum(refunds) AS refunds_sum,
        sum(revenue) AS revenue_sum
    FROM bi.v_sales_daily
    WHERE currency = {currency:String}
        AND account_id = {account:String}
        AND event_id = {event:String}
    GROUP BY account_id, show_id
) AS sold
LEFT JOIN
(
    SELECT
        account_id,
        show_id,
        show_name,
        city_timezone,
        toNullable(starts_at) AS begins_at,
        toNullable(event_date) AS show_day,
        is_deleted
    FROM bi.v_shows
) AS named ON named.account_id = sold.account_id AND named.show_id = sold.show_id
ORDER BY show_key

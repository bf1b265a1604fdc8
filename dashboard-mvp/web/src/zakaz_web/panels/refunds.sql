-- Panel: refunds of one event.
-- Grain: one row per Moscow day that has any, for one currency: money given back for tickets sold on
--   this day, and money given back on this day whenever the ticket was sold.
-- Reads: bi.v_sales_daily.
SELECT
    d AS refund_day,
    sum(refunds) AS refunds_sum,
    sum(refunds_by_refund_date) AS paid_back_sum
FROM bi.v_sales_daily
WHERE currency = {currency:String}
    AND account_id = {account:String}
    AND event_id = {event:String}
GROUP BY refund_day
HAVING refunds_sum != 0 OR paid_back_sum != 0
ORDER BY refund_day DESC

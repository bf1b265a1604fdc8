-- Panel: the sales curve by days to show, and what it stood at on the same day before (pace).
-- Grain: one row per event of one account and days to show, for one currency. Days are counted show
--   by show, from the day of sale to the venue-local day of the show: negative after the show, NULL
--   where the show is not known.
-- Reads: bi.v_sales_daily.
SELECT
    account_id,
    event_id,
    dateDiff('day', d, event_date) AS days_to,
    sum(tickets_sold) AS tickets_sum,
    sum(revenue) AS revenue_sum
FROM bi.v_sales_daily
WHERE currency = {currency:String} AND has({events:Array(String)}, event_id)
GROUP BY account_id, event_id, days_to
ORDER BY account_id, event_id, days_to

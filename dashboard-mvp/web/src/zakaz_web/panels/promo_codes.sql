-- Panel: promo codes and discounts of one event.
-- Grain: one row per promo code and discount, for one currency.
-- Reads: bi.v_promo_codes_daily.
SELECT
    promo_code_id,
    discount_id,
    max(promo_code) AS shown_code,
    max(discount_name) AS shown_discount,
    sum(orders) AS orders_sum,
    sum(tickets_sold) AS tickets_sum,
    sum(discounts) AS discounts_sum,
    sum(revenue) AS revenue_sum
FROM bi.v_promo_codes_daily
WHERE currency = {currency:String}
    AND account_id = {account:String}
    AND event_id = {event:String}
GROUP BY promo_code_id, discount_id
ORDER BY revenue_sum DESC, promo_code_id, discount_id

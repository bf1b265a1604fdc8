-- Panel: to what the spend is attributed, and where it is not, why.
-- Grain: one row per attribution model and what it found, for one currency.
-- Reads: bi.v_vk_ads_daily.
SELECT
    attribution_model,
    attribution_reason,
    city != 'unknown' AS has_city,
    event_id != 'unknown' AS has_event,
    sum(spend) AS spend_sum
FROM bi.v_vk_ads_daily
WHERE currency = {currency:String}
    AND d >= {from:Date}
    AND d <= {to:Date}
    AND (empty({cities:Array(String)}) OR has({cities:Array(String)}, city))
    AND (empty({events:Array(String)}) OR has({events:Array(String)}, event_id))
    AND (empty({campaigns:Array(String)}) OR has({campaigns:Array(String)}, ad_plan_id))
GROUP BY attribution_model, attribution_reason, has_city, has_event
ORDER BY attribution_model, spend_sum DESC, attribution_reason

-- Panel: days on which the ad account's own sum and its banners do not agree; also which days agree
--   and which the source still restates.
-- Grain: one row per ad account, day and currency: the control is of the whole account, no filter
--   of city, event, campaign or currency hides a day.
-- Reads: bi.v_vk_ads_control.
SELECT
    d AS day,
    account_id AS account,
    currency,
    status,
    is_final,
    account_spend,
    banners_spend,
    spend_difference,
    account_impressions,
    banners_impressions,
    account_clicks,
    banners_clicks
FROM bi.v_vk_ads_control
WHERE d >= {from:Date}
    AND d <= {to:Date}
ORDER BY day DESC, account, currency

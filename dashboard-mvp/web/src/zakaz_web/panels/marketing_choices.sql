-- Not shown: the cities, events and campaigns a reader may filter by.
-- Grain: one row per city, event and campaign that ever sold or was advertised.
-- Reads: bi.v_marketing_daily, bi.v_events.
SELECT
    told.city AS city_key,
    told.event_id AS event_key,
    told.ad_plan_id AS campaign_key,
    told.event_name AS shown_event,
    told.ad_plan_name AS shown_campaign,
    places.city_name AS shown_city,
    known.starts_on AS first_show,
    known.ends_on AS last_show,
    told.last_day AS last_day
FROM
(
    SELECT
        city,
        event_id,
        ad_plan_id,
        max(event_name) AS event_name,
        max(ad_plan_name) AS ad_plan_name,
        max(d) AS last_day
    FROM bi.v_marketing_daily
    GROUP BY city, event_id, ad_plan_id
) AS told
LEFT JOIN
(
    SELECT city, max(city_name) AS city_name
    FROM bi.v_events
    GROUP BY city
) AS places ON places.city = told.city
LEFT JOIN
(
    SELECT event_id, max(starts_on) AS starts_on, max(ends_on) AS ends_on
    FROM bi.v_events
    GROUP BY event_id
) AS known ON known.event_id = told.event_id
ORDER BY last_day DESC, city_key, event_key, campaign_key

-- Not shown: the events and cities a reader may filter by.
-- Grain: one row per event that ever sold.
-- Reads: bi.v_sales_daily, bi.v_events.
SELECT
    sold.event_id AS event_key,
    sold.shown_name AS shown_name,
    sold.city AS city_key,
    sold.shown_city AS shown_city,
    known.starts_on AS first_show,
    known.ends_on AS last_show
FROM
(
    SELECT
        event_id,
        city,
        max(event_name) AS shown_name,
        argMax(city_name, orders) AS shown_city,
        max(d) AS last_sale
    FROM bi.v_sales_daily
    WHERE orders + tickets_sold > 0 OR gross != 0
    GROUP BY event_id, city
) AS sold
LEFT JOIN
(
    SELECT event_id, max(starts_on) AS starts_on, max(ends_on) AS ends_on
    FROM bi.v_events
    GROUP BY event_id
) AS known ON known.event_id = sold.event_id
ORDER BY sold.last_sale DESC, shown_name, event_key

-- Grain: one row per show whose newest count is missing from the fact, differs from it, or counts
--   more seats than there are; none is right.
-- Source: zakaz.stg_qtickets_inventory against zakaz.fact_qtickets_inventory_latest.
-- Key: (account_id, show_id).
SELECT
    s.account_id AS account_id,
    s.show_id AS show_id,
    s.newest_at AS newest_at,
    f.snapshot_at AS fact_at,
    s.seats AS seats,
    s.counted AS counted
FROM
(
    SELECT
        account_id,
        show_id,
        max(snapshot_at) AS newest_at,
        argMax(seats_total, snapshot_at) AS seats,
        argMax((seats_sold + seats_reserved) + seats_left, snapshot_at) AS counted
    FROM zakaz.stg_qtickets_inventory
    FINAL
    GROUP BY
        account_id,
        show_id
) AS s
LEFT JOIN
(
    SELECT
        account_id,
        show_id,
        snapshot_at,
        seats_total
    FROM zakaz.fact_qtickets_inventory_latest
    FINAL
) AS f ON (f.account_id = s.account_id) AND (f.show_id = s.show_id)
WHERE (s.newest_at != f.snapshot_at) OR (s.seats != f.seats_total) OR (s.counted > s.seats)

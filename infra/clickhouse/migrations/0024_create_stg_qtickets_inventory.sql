-- Grain: one row per show of one account and snapshot.
-- Source: Qtickets REST API, GET /shows/{id}/seats; written by qtickets_api.
-- Key: (account_id, show_id, snapshot_at); a snapshot never changes, one taken twice in a second is
--   the same one. Partition by month of snapshot_at. No TTL: a past show keeps its last
--   count, and the history costs some 20 MB a year for 50 shows counted every half hour (A28).
-- Rules: disabled seats are no capacity; the same physical seat comes once per tariff and counts
--   once; admission zones count by quantity, not by row (F21).
CREATE TABLE IF NOT EXISTS zakaz.stg_qtickets_inventory
(
    `account_id` String COMMENT 'Organiser account the row was read with (QTICKETS_ACCOUNT_ID)',
    `show_id` String COMMENT 'Show whose seats were counted',
    `event_id` String COMMENT 'Event the show belongs to',
    `snapshot_at` DateTime('Europe/Moscow') COMMENT 'Instant the seats were read',
    `seats_total` UInt32 COMMENT 'Capacity: seats that are not disabled',
    `seats_sold` UInt32 COMMENT 'Seats paid for',
    `seats_reserved` UInt32 COMMENT 'Seats ordered and not paid, or in a basket',
    `seats_left` UInt32 COMMENT 'Seats free to buy; 0 when sold out (F19)',
    `_ver` UInt64 COMMENT 'Version: instant the seats were read, in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
PARTITION BY toYYYYMM(snapshot_at)
ORDER BY (account_id, show_id, snapshot_at)
COMMENT 'Seats of Qtickets shows as counted at each snapshot'

-- Grain: as zakaz.fact_qtickets_inventory_latest.
-- Source: the twin its rebuild computes into; empty outside a rebuild.
-- Key: as zakaz.fact_qtickets_inventory_latest: a partition is swapped only between equal tables.
CREATE TABLE IF NOT EXISTS zakaz.fact_qtickets_inventory_latest_next
(
    `account_id` String COMMENT 'Organiser account',
    `show_id` String COMMENT 'Show whose seats were counted',
    `event_id` String COMMENT 'Event the show belongs to',
    `snapshot_at` DateTime('Europe/Moscow') COMMENT 'Instant of the newest snapshot',
    `seats_total` UInt32 COMMENT 'Capacity: seats that are not disabled',
    `seats_sold` UInt32 COMMENT 'Seats paid for',
    `seats_reserved` UInt32 COMMENT 'Seats ordered and not paid, or in a basket',
    `seats_left` UInt32 COMMENT 'Seats free to buy; 0 when sold out (F19)',
    `_ver` UInt64 COMMENT 'Version: instant of the rebuild in milliseconds',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (account_id, show_id)
COMMENT 'Twin of fact_qtickets_inventory_latest, empty outside a rebuild'

-- Grain: one row per planned day as the newest import wrote it, copied or not yet.
-- Source: a CSV file of the commercial team; written by zakaz plan import.
-- Key: that of zakaz.plan_sales. No partitions: one insert is one part, so an import is there whole or
--   not at all, whenever its process is killed. Readers take both tables, the newest version of a day.
-- Rules: what an import that was killed left uncopied is seen, and copied before the next import.
CREATE TABLE IF NOT EXISTS zakaz.plan_sales_import
(
    `account_id` String COMMENT 'Organiser account the plan is for',
    `sales_date` Date COMMENT 'Moscow day of sale the plan is for',
    `event_id` String COMMENT 'Event the plan is for, known to dim_events or not yet',
    `currency` LowCardinality(String) COMMENT 'ISO code of plan_revenue; part of the key, so currencies never add up (F13)',
    `plan_tickets` UInt64 COMMENT 'Tickets planned to be sold on the day, 0 when none are planned',
    `plan_revenue` Decimal(18, 2) COMMENT 'Net revenue planned for the day, 0 when none is planned',
    `is_deleted` Bool COMMENT 'True when a newer file of the event and month leaves the day out',
    `_ver` UInt64 COMMENT 'Version: instant of the import in microseconds, the last import wins',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY (account_id, sales_date, event_id, currency)
COMMENT 'Planned sales as the imports wrote them, each import whole'

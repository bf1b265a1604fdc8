-- Grain: one row per account, Moscow day of sale, event and currency as the newest imported file plans it.
-- Source: a CSV file of the commercial team; written by zakaz plan import.
-- Key: (account_id, sales_date, event_id, currency) is the full grain and identity only: no city, no
--   name (A24, A25). Partition by month of sales_date, which is part of the key.
-- Rules: a planned day that a newer file of its event and month leaves out stays as is_deleted.
CREATE TABLE IF NOT EXISTS zakaz.plan_sales
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
PARTITION BY toYYYYMM(sales_date)
ORDER BY (account_id, sales_date, event_id, currency)
COMMENT 'Planned sales by Moscow day and event, as imported'

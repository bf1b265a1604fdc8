-- Grain: one row per account, Moscow day of sale, event and currency that has a plan, sales or both.
-- Source: zakaz.plan_sales with zakaz.plan_sales_import, and zakaz.fact_qtickets_sales_daily, named by
--   zakaz.dim_events.
-- Key: (account_id, d, event_id, currency). Both sides stand under each other and are added up to the
--   key, never joined: a plan without sales and sales without a plan keep day, event and city (H9).
-- Rules: what is missing on a side counts as 0, so differences add up. A deviation is NULL where nothing
--   was planned and holds for its own row only: over more rows divide the sums (H10). An event that the
--   dimension does not know keeps its id, with city unknown (H8). An import counts whole from the
--   moment it is written: of a day in both tables the newer version.
CREATE OR REPLACE VIEW bi.v_plan_vs_fact
(
    `d` Date COMMENT 'Moscow day of sale',
    `account_id` String COMMENT 'Organiser account',
    `city` String COMMENT 'Canonical city of the event, unknown when nothing names one',
    `event_id` String COMMENT 'Event of the plan and of the sales',
    `event_name` String COMMENT 'Name of the event, empty when the event is not known',
    `plan_tickets` UInt64 COMMENT 'Tickets planned to be sold, 0 without a plan',
    `fact_tickets` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned; 0 without sales',
    `diff_tickets` Int64 COMMENT 'fact_tickets minus plan_tickets',
    `deviation_tickets` Nullable(Float64) COMMENT '(Fact - plan) / plan of tickets, NULL when none were planned',
    `plan_revenue` Decimal(38, 2) COMMENT 'Net revenue planned, 0 without a plan',
    `fact_revenue` Decimal(38, 2) COMMENT 'Net revenue: gross minus refunds; 0 without sales',
    `diff_revenue` Decimal(38, 2) COMMENT 'fact_revenue minus plan_revenue',
    `deviation_revenue` Nullable(Float64) COMMENT '(Fact - plan) / plan of revenue, NULL when none was planned',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the newest of these figures was written'
)
AS (SELECT
    g.d AS d,
    g.account_id AS account_id,
    if(e.city = '', 'unknown', e.city) AS city,
    g.event_id AS event_id,
    e.event_name AS event_name,
    g.planned_tickets AS plan_tickets,
    g.sold_tickets AS fact_tickets,
    toInt64(g.sold_tickets) - toInt64(g.planned_tickets) AS diff_tickets,
    (toInt64(g.sold_tickets) - toInt64(g.planned_tickets)) / nullIf(g.planned_tickets, 0) AS deviation_tickets,
    g.planned_revenue AS plan_revenue,
    g.sold_revenue AS fact_revenue,
    g.sold_revenue - g.planned_revenue AS diff_revenue,
    toFloat64(g.sold_revenue - g.planned_revenue) / nullIf(toFloat64(g.planned_revenue), 0) AS deviation_revenue,
    g.currency AS currency,
    g.written_at AS _loaded_at
FROM
(
    SELECT
        d,
        account_id,
        event_id,
        currency,
        sum(plan_count) AS planned_tickets,
        sum(fact_count) AS sold_tickets,
        sum(plan_sum) AS planned_revenue,
        sum(fact_sum) AS sold_revenue,
        max(loaded_at) AS written_at
    FROM
    (
        SELECT
            sales_date AS d,
            account_id,
            event_id,
            currency,
            plan_tickets AS plan_count,
            toUInt64(0) AS fact_count,
            plan_revenue AS plan_sum,
            toDecimal64(0, 2) AS fact_sum,
            _loaded_at AS loaded_at
        FROM
        (
            SELECT
                sales_date,
                account_id,
                event_id,
                currency,
                plan_tickets,
                plan_revenue,
                is_deleted,
                _loaded_at
            FROM
            (
                SELECT
                    account_id,
                    sales_date,
                    event_id,
                    currency,
                    plan_tickets,
                    plan_revenue,
                    is_deleted,
                    _ver,
                    _loaded_at
                FROM zakaz.plan_sales
                FINAL
                UNION ALL
                SELECT
                    account_id,
                    sales_date,
                    event_id,
                    currency,
                    plan_tickets,
                    plan_revenue,
                    is_deleted,
                    _ver,
                    _loaded_at
                FROM zakaz.plan_sales_import
                FINAL
            )
            ORDER BY _ver DESC
            LIMIT 1 BY
                account_id,
                sales_date,
                event_id,
                currency
        )
        WHERE (NOT is_deleted) AND ((plan_tickets > 0) OR (plan_revenue > 0))
        UNION ALL
        SELECT
            sales_date AS d,
            account_id,
            event_id,
            currency,
            toUInt64(0) AS plan_count,
            tickets_sold AS fact_count,
            toDecimal64(0, 2) AS plan_sum,
            revenue AS fact_sum,
            _loaded_at AS loaded_at
        FROM zakaz.fact_qtickets_sales_daily
        FINAL
        WHERE (orders > 0) OR (tickets_sold > 0) OR (gross != 0) OR (refunds != 0)
    )
    GROUP BY
        d,
        account_id,
        event_id,
        currency
) AS g
LEFT JOIN
(
    SELECT
        account_id,
        event_id,
        event_name,
        city
    FROM zakaz.dim_events
    FINAL
) AS e ON (e.account_id = g.account_id) AND (e.event_id = g.event_id)
SETTINGS do_not_merge_across_partitions_select_final = 1, join_use_nulls = 0)
COMMENT 'Planned and actual sales by day and event, side under side'

-- Grain: one row per Moscow day, city and currency that has sales, ads or both.
-- Source: bi.v_marketing_daily.
-- Key: (d, city, currency). Both sides are added up to the key before they meet, so the number of
--   events on a day never multiplies spend (H1) and a side alone keeps its row (H2).
--   No account: that of a sale is an organiser, that of ads an advertiser, and nothing says who advertises
--   for whom. All accounts of a store count together; bi.v_marketing_daily tells them apart, side by side.
-- Rules: a sale stands on the day it was bought, not on the day of its show (H4). A ratio is NULL at a
--   zero denominator and holds for its own row only: over more rows divide the sums (H10).
CREATE OR REPLACE VIEW bi.v_marketing_roi_daily
(
    `d` Date COMMENT 'Moscow day of sale and of spend',
    `city` String COMMENT 'Canonical city of the event or of the ad, unknown when nothing names one',
    `orders` UInt64 COMMENT 'Paid orders, each counted once',
    `tickets_sold` UInt64 COMMENT 'Tickets sold: paid, neither deleted nor returned',
    `revenue` Decimal(38, 2) COMMENT 'Net revenue: gross minus refunds',
    `impressions` UInt64 COMMENT 'Impressions of the ads',
    `clicks` UInt64 COMMENT 'Clicks on the ads',
    `goals` UInt64 COMMENT 'Conversions as the ad cabinet counts them',
    `spend` Decimal(38, 2) COMMENT 'Spend on ads, without VAT',
    `profit` Decimal(38, 2) COMMENT 'Revenue minus spend',
    `roas` Nullable(Float64) COMMENT 'Return on ad spend: revenue / spend, NULL when nothing was spent',
    `romi` Nullable(Float64) COMMENT 'Return on marketing investment: (revenue - spend) / spend, NULL when nothing was spent',
    `drr` Nullable(Float64) COMMENT 'Share of spend in revenue (ДРР): spend / revenue, NULL without revenue',
    `margin` Nullable(Float64) COMMENT '(Revenue - spend) / revenue, NULL without revenue',
    `ctr` Nullable(Float64) COMMENT 'Clicks / impressions, NULL without impressions',
    `cpc` Nullable(Float64) COMMENT 'Cost per click: spend / clicks, NULL without clicks',
    `cpm` Nullable(Float64) COMMENT 'Cost per thousand impressions: 1000 * spend / impressions, NULL without impressions',
    `cpt` Nullable(Float64) COMMENT 'Cost per ticket: spend / tickets_sold, NULL without tickets',
    `cpo` Nullable(Float64) COMMENT 'Cost per order: spend / orders, NULL without orders',
    `conversion` Nullable(Float64) COMMENT 'Tickets_sold / clicks, NULL without clicks',
    `currency` LowCardinality(String) COMMENT 'ISO code of the money columns; never add up different ones',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the newest of these figures was computed'
)
AS (SELECT
    d,
    city,
    order_count AS orders,
    ticket_count AS tickets_sold,
    revenue_sum AS revenue,
    impression_count AS impressions,
    click_count AS clicks,
    goal_count AS goals,
    spend_sum AS spend,
    revenue_sum - spend_sum AS profit,
    toFloat64(revenue_sum) / nullIf(toFloat64(spend_sum), 0) AS roas,
    toFloat64(revenue_sum - spend_sum) / nullIf(toFloat64(spend_sum), 0) AS romi,
    toFloat64(spend_sum) / nullIf(toFloat64(revenue_sum), 0) AS drr,
    toFloat64(revenue_sum - spend_sum) / nullIf(toFloat64(revenue_sum), 0) AS margin,
    click_count / nullIf(impression_count, 0) AS ctr,
    toFloat64(spend_sum) / nullIf(click_count, 0) AS cpc,
    (1000 * toFloat64(spend_sum)) / nullIf(impression_count, 0) AS cpm,
    toFloat64(spend_sum) / nullIf(ticket_count, 0) AS cpt,
    toFloat64(spend_sum) / nullIf(order_count, 0) AS cpo,
    ticket_count / nullIf(click_count, 0) AS conversion,
    currency,
    computed_at AS _loaded_at
FROM
(
    SELECT
        d,
        city,
        currency,
        sum(orders) AS order_count,
        sum(tickets_sold) AS ticket_count,
        sum(revenue) AS revenue_sum,
        sum(impressions) AS impression_count,
        sum(clicks) AS click_count,
        sum(goals) AS goal_count,
        sum(spend) AS spend_sum,
        max(_loaded_at) AS computed_at
    FROM bi.v_marketing_daily
    GROUP BY
        d,
        city,
        currency
))
COMMENT 'Return on advertising by day and city'

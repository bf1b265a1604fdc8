-- Grain: one row per spelling of a city.
-- Source: seeded by migrations of this repository.
-- Key: alias alone is the identity, so a corrected city replaces the row instead of fanning out
--   joins (H6).
CREATE TABLE IF NOT EXISTS zakaz.dim_city_alias
(
    `alias` String COMMENT 'Spelling in normal form: lower case, е for ё, single spaces, no quotes, no leading г.',
    `city` String COMMENT 'Canonical city in the same normal form',
    `_ver` UInt64 COMMENT 'Version: number of the dictionary edition',
    `_loaded_at` DateTime('Europe/Moscow') COMMENT 'Instant the row was written here'
)
ENGINE = ReplacingMergeTree(_ver)
ORDER BY alias
COMMENT 'City dictionary: every known spelling and the city it means'

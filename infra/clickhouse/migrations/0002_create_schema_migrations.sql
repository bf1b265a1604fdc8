-- Grain: one row per applied migration.
-- Source: clickhouse-migrations through zakaz.schema.migrate, or the bundles in this folder.
-- Key: version is the identity, so a journal row written twice (runner and bundle) is one row.
--   Made before the runner starts: it writes here after every migration.
CREATE TABLE IF NOT EXISTS zakaz.schema_migrations
(
    `version` UInt32 COMMENT 'Number of the migration file',
    `md5` String COMMENT 'MD5 of the file\'s bytes: an edited file is detected',
    `script` String COMMENT 'Text of the migration as applied, or its file name when a bundle applied it',
    `created_at` DateTime('Europe/Moscow') DEFAULT now() COMMENT 'Instant it was applied'
)
ENGINE = ReplacingMergeTree(created_at)
ORDER BY version
COMMENT 'Journal of applied migrations'

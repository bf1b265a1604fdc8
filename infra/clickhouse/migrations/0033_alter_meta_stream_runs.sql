-- Grain: unchanged, one row per run and stream of a source.
-- Source: zakaz.stream_journal.
-- Key: unchanged; rows written before this column existed have no names in it.
-- Rules: names of fields only, never a value (P10); at most 50 a row.
ALTER TABLE zakaz.meta_stream_runs
    (ADD COLUMN IF NOT EXISTS `new_fields` Array(String) DEFAULT [] COMMENT 'Names of fields the source sent and this version does not know, so does not store' AFTER duplicate)

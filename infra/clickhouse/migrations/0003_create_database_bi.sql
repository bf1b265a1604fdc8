-- Grain: database; not a table.
-- Source: views only.
-- Key: bi is the fixed name of the readers' database (decision A29).
CREATE DATABASE IF NOT EXISTS bi
COMMENT 'Views for dashboards: the only database readers see'

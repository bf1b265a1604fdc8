-- Grain: database; not a table.
-- Source: tables of every layer but the readers' views.
-- Key: zakaz is the fixed name of the data database (decision A29).
CREATE DATABASE IF NOT EXISTS zakaz
COMMENT 'Ticket sales and advertising: staging, dimensions, facts, journals'

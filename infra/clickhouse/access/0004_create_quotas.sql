-- Grain: one quota per role of readers.
-- Source: this repository; OR REPLACE, so that a changed quota arrives by bootstrap.
-- Key: quota name. A dashboard page asks about ten questions, so this is some 1000 pages an hour.
CREATE QUOTA OR REPLACE zakaz_reader KEYED BY user_name FOR INTERVAL 1 hour MAX queries = 10000 TO role_bi_reader;

-- Grain: one profile per role: limits of memory, threads and time.
-- Source: this repository; OR REPLACE, so that a changed limit arrives by bootstrap.
-- Key: profile name. Readers get readonly = 2, as readonly = 1 refuses the settings that DataLens
--   sends (C9); every limit has a floor of 1, because 0 would mean no limit.
CREATE SETTINGS PROFILE OR REPLACE `zakaz_writer` SETTINGS max_memory_usage = 10000000000, max_threads = 4, max_execution_time = 3600 TO role_etl_writer;

CREATE SETTINGS PROFILE OR REPLACE `zakaz_reader` SETTINGS readonly = 2, max_memory_usage = 2000000000 MIN 1 MAX 2000000000, max_threads = 2 MIN 1 MAX 4, max_execution_time = 30 MIN 1 MAX 300, max_result_rows = 1000000 MIN 1 MAX 1000000 TO role_bi_reader;

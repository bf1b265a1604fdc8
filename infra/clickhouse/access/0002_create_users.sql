-- Grain: one account per kind of client: loaders, readers, and the definer the views run as.
-- Source: this repository; passwords come from the environment of zakaz bootstrap, never from here.
-- Key: user name. Each is born locked twice: no host may log in, and no password has this hash.
--   IF NOT EXISTS keeps the password an operator has set (C12); the definer stays locked for good.
CREATE USER IF NOT EXISTS etl_writer IDENTIFIED WITH sha256_hash BY '0000000000000000000000000000000000000000000000000000000000000000' HOST NONE;

CREATE USER IF NOT EXISTS datalens_reader IDENTIFIED WITH sha256_hash BY '0000000000000000000000000000000000000000000000000000000000000000' HOST NONE;

CREATE USER IF NOT EXISTS bi_definer IDENTIFIED WITH sha256_hash BY '0000000000000000000000000000000000000000000000000000000000000000' HOST NONE;

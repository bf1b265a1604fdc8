-- Grain: one role per kind of account; rights belong to roles, never to people.
-- Source: this repository; executed on a server only, the embedded engine has no accounts.
-- Key: role name. The definer is a user, not a role: a view runs with the rights of a user.
CREATE ROLE IF NOT EXISTS role_etl_writer;

CREATE ROLE IF NOT EXISTS role_bi_reader;

-- The service's own small copy of a user. Version 0: seen as a caller before auth's event arrived.
CREATE TABLE IF NOT EXISTS team.app_users (
  id text NOT NULL,
  display_name text NOT NULL,
  version int8 NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_app_users PRIMARY KEY (id)
);

-- Local settings by name. A value is JSON.
CREATE TABLE IF NOT EXISTS settings (
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  CONSTRAINT pk_settings PRIMARY KEY (id),
  CONSTRAINT ck_settings_value CHECK (json_valid(value))
) STRICT;

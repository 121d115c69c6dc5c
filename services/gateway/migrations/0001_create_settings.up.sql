-- Local settings by name. A value is JSON.
CREATE TABLE IF NOT EXISTS settings (
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_settings PRIMARY KEY (id),
  CONSTRAINT ck_settings_value CHECK (json_valid(value))
) STRICT;

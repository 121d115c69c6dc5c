-- Every saved version of a script, the current one too.
CREATE TABLE IF NOT EXISTS script_versions (
  id TEXT NOT NULL,
  script_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  content TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_script_versions PRIMARY KEY (id),
  CONSTRAINT fk_script_versions_script_id FOREIGN KEY (script_id) REFERENCES scripts (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS uq_script_versions_script_id_version ON script_versions (script_id, version);

-- Every saved version of a Control-M folder, the current one too.
CREATE TABLE IF NOT EXISTS control_m_folder_versions (
  id TEXT NOT NULL,
  control_m_folder_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  job_count INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  restored_from INTEGER,
  size_bytes INTEGER,
  sha256 TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_control_m_folder_versions PRIMARY KEY (id),
  CONSTRAINT fk_control_m_folder_versions_control_m_folder_id
    FOREIGN KEY (control_m_folder_id) REFERENCES control_m_folders (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_folder_versions_control_m_folder_id_version
  ON control_m_folder_versions (control_m_folder_id, version);

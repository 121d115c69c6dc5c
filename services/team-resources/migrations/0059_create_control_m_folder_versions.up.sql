-- Every saved version of a Control-M folder, the current one too.
CREATE TABLE IF NOT EXISTS team.control_m_folder_versions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  control_m_folder_id uuid NOT NULL,
  version int8 NOT NULL,
  name text NOT NULL,
  definition text NOT NULL,
  job_count int8 NOT NULL,
  note text NOT NULL DEFAULT '',
  restored_from int8,
  size_bytes int8,
  sha256 text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_control_m_folder_versions PRIMARY KEY (id),
  CONSTRAINT fk_control_m_folder_versions_control_m_folder_id
    FOREIGN KEY (control_m_folder_id) REFERENCES team.control_m_folders (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_folder_versions_control_m_folder_id_version
  ON team.control_m_folder_versions (control_m_folder_id, version);

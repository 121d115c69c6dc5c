-- Every saved version of a document of "jobs as code", the current one too.
CREATE TABLE IF NOT EXISTS team.control_m_document_versions (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  control_m_document_id uuid NOT NULL,
  version int8 NOT NULL,
  name text NOT NULL,
  source text NOT NULL,
  folders text NOT NULL,
  note text NOT NULL DEFAULT '',
  restored_from int8,
  size_bytes int8,
  sha256 text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_control_m_document_versions PRIMARY KEY (id),
  CONSTRAINT fk_control_m_document_versions_control_m_document_id
    FOREIGN KEY (control_m_document_id) REFERENCES team.control_m_documents (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_document_versions_control_m_document_id_version
  ON team.control_m_document_versions (control_m_document_id, version);

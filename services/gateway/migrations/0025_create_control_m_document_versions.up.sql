-- Every saved version of a document of "jobs as code", the current one too.
CREATE TABLE IF NOT EXISTS control_m_document_versions (
  id TEXT NOT NULL,
  control_m_document_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  folders TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  restored_from INTEGER,
  size_bytes INTEGER,
  sha256 TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_control_m_document_versions PRIMARY KEY (id),
  CONSTRAINT fk_control_m_document_versions_control_m_document_id
    FOREIGN KEY (control_m_document_id) REFERENCES control_m_documents (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_document_versions_control_m_document_id_version
  ON control_m_document_versions (control_m_document_id, version);

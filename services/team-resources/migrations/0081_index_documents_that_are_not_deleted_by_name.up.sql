CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_documents_workspace_id_name
  ON team.control_m_documents (workspace_id, name) WHERE deleted_at IS NULL;

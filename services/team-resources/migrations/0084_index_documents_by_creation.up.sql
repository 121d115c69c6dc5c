CREATE INDEX IF NOT EXISTS idx_control_m_documents_workspace_id_created_at ON team.control_m_documents (workspace_id, created_at, id);

DROP INDEX IF EXISTS team.uq_control_m_documents_workspace_id_name;

-- The name of a deleted document is free again: the next migration indexes the others alone.
DROP INDEX IF EXISTS uq_control_m_documents_workspace_id_name;

-- Before this migration no document could be deleted, and each name was that of one.
DELETE FROM team.control_m_documents WHERE deleted_at IS NOT NULL;
DELETE FROM team.control_m_document_versions WHERE id = control_m_document_id;

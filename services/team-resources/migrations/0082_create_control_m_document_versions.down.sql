DROP TABLE IF EXISTS team.control_m_document_versions;

DROP TABLE IF EXISTS control_m_document_versions;

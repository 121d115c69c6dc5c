DROP TABLE IF EXISTS control_m_documents;

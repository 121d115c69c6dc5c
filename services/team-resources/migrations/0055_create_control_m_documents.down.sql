DROP TABLE IF EXISTS team.control_m_documents;

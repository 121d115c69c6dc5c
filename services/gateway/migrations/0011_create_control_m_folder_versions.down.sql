DROP TABLE IF EXISTS control_m_folder_versions;

DROP TABLE IF EXISTS team.control_m_folder_versions;

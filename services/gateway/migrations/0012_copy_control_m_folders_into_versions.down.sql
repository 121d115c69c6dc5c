DELETE FROM control_m_folder_versions WHERE id = control_m_folder_id;

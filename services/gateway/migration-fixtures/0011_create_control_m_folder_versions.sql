INSERT INTO control_m_folder_versions (id, control_m_folder_id, version, name, definition, job_count, note, created_by) VALUES
  ('00000000-0000-4000-8000-000000000091', '00000000-0000-4000-8000-000000000081', 1, 'NIGHT', '{"Type":"Folder"}', 0, 'né', 'solo')
ON CONFLICT (id) DO NOTHING;

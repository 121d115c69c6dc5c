INSERT INTO team.control_m_document_versions (id, control_m_document_id, version, name, source, folders, note, created_by) VALUES
  ('00000000-0000-4000-8000-000000000093', '00000000-0000-4000-8000-000000000083', 1, 'night.json',
   '{"NIGHT": {"Type": "Folder"}, } // kept', '{"NIGHT":"00000000-0000-4000-8000-000000000081"}', 'né', 'auth0|grace')
ON CONFLICT (id) DO NOTHING;

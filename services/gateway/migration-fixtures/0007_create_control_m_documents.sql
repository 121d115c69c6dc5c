INSERT INTO control_m_documents (id, workspace_id, name, source, folders, created_by) VALUES
  ('00000000-0000-4000-8000-000000000083', '00000000-0000-4000-8000-000000000051', 'night.json',
   '{"NIGHT": {"Type": "Folder"}, } // kept', '{"NIGHT":"00000000-0000-4000-8000-000000000081"}', 'solo')
ON CONFLICT (id) DO NOTHING;

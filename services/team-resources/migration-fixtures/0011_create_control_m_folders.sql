INSERT INTO team.control_m_folders (id, workspace_id, name, definition, job_count, created_by, version, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000000081', '00000000-0000-4000-8000-000000000051', 'NIGHT',
   '{"Type": "Folder", "Count": { "Type": "Job:Command", "Command": "wc -l hé.txt", "RunAs": "batch" }}', 1, 'auth0|grace', 2, NULL),
  ('00000000-0000-4000-8000-000000000082', '00000000-0000-4000-8000-000000000051', 'NIGHT',
   '{"Type":"SimpleFolder"}', 0, 'auth0|grace', 2, now())
ON CONFLICT (id) DO NOTHING;

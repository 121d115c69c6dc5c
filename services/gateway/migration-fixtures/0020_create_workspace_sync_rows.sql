INSERT INTO workspace_sync_rows (id, workspace_sync_id, document_id, kind, name, action, reason, state, own_version, shared_version) VALUES
  ('00000000-0000-4000-8000-000000000092', '00000000-0000-4000-8000-000000000091', '00000000-0000-4000-8000-000000000081',
   'control-m-folder', 'NIGHT', 'pull', 'changed-there', 'done', 2, 2)
ON CONFLICT (id) DO NOTHING;

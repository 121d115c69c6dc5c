INSERT INTO sync_conflicts (id, workspace_id, document_id, kind, name, reason, mine) VALUES
  ('00000000-0000-4000-8000-000000000093', '00000000-0000-4000-8000-000000000051', '00000000-0000-4000-8000-000000000081',
   'control-m-folder', 'NIGHT', 'changed-here-deleted-there', '{"kind":"control-m-folder","name":"NIGHT","definition":"{}"}')
ON CONFLICT (id) DO NOTHING;

INSERT INTO sync_bases (id, workspace_id, kind, own_version, shared_version) VALUES
  ('00000000-0000-4000-8000-000000000081', '00000000-0000-4000-8000-000000000051', 'control-m-folder', 1, 1)
ON CONFLICT (id) DO NOTHING;

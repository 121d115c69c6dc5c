INSERT INTO scripts (id, workspace_id, name, language, content, created_by, version) VALUES
  ('00000000-0000-4000-8000-000000000061', '00000000-0000-4000-8000-000000000051', 'Night run', 'shell', 'echo "hé"', 'solo', 2)
ON CONFLICT (id) DO NOTHING;

INSERT INTO team.script_versions (id, script_id, version, name, language, content, created_by) VALUES
  ('00000000-0000-4000-8000-000000000071', '00000000-0000-4000-8000-000000000061', 1, 'Night run', 'shell', '', 'auth0|grace'),
  ('00000000-0000-4000-8000-000000000072', '00000000-0000-4000-8000-000000000061', 2, 'Night run', 'shell', E'echo "hé"\n', 'auth0|grace')
ON CONFLICT (id) DO NOTHING;

INSERT INTO team.app_users (id, display_name, version) VALUES
  ('00000000-0000-4000-8000-000000000001', 'Ada', 3),
  ('auth0|grace', '', 0)
ON CONFLICT (id) DO NOTHING;

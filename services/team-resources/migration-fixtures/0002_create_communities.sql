INSERT INTO team.communities (id, name, settings, created_by, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000000021', 'Night shift', '{}', 'auth0|grace', NULL),
  ('00000000-0000-4000-8000-000000000022', 'Gone', '{"theme": "dark"}', 'auth0|grace', '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

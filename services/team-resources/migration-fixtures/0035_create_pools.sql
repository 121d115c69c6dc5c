INSERT INTO team.pools (id, community_id, name, unit, holding, created_by, version, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000003501', '00000000-0000-4000-8000-000000000021', 'Laptops', 'laptops', 1, 'auth0|grace', 3, NULL),
  ('00000000-0000-4000-8000-000000003502', '00000000-0000-4000-8000-000000000021', 'Gone', 'hours', 0, 'auth0|grace', 1, '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

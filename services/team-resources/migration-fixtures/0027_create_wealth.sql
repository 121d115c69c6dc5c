INSERT INTO team.wealth (id, community_id, type, title, category, quantity, quantity_taken, quantity_fulfilled, status, expires_at, created_by, version, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000002701', '00000000-0000-4000-8000-000000000021', 'object', 'Laptop', 'hardware', 2, 1, 1, 'active', '2999-01-01T00:00:00Z', 'auth0|grace', 2, NULL),
  ('00000000-0000-4000-8000-000000002702', '00000000-0000-4000-8000-000000000021', 'service', 'Review', NULL, NULL, 0, 0, 'cancelled', NULL, 'auth0|grace', 1, '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

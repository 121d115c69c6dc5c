INSERT INTO team.own_roles (id, community_id, name, description, permissions, rank, created_by, version, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000004501', '00000000-0000-4000-8000-000000000021', 'Operator', '', ARRAY['community:read', 'script:update'], 'member', 'auth0|grace', 2, NULL),
  ('00000000-0000-4000-8000-000000004502', '00000000-0000-4000-8000-000000000021', 'Operator', 'Gone', ARRAY['community:read'], 'viewer', 'auth0|grace', 1, '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000000021', 'community', 'auth0|grace', 'owner', '2026-01-01T00:00:00Z', 'auth0|grace', NULL),
  ('00000000-0000-4000-8000-000000000021', 'community', '00000000-0000-4000-8000-000000000001', 'viewer', '2026-01-01T00:00:01Z', 'auth0|grace', '2026-01-02T00:00:00Z')
ON CONFLICT (resource_id, resource_type, user_id) DO NOTHING;

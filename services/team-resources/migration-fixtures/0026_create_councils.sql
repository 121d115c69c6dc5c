INSERT INTO team.councils (id, community_id, name, created_by, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000000191', '00000000-0000-4000-8000-000000000021', 'Mediation', 'auth0|grace', NULL),
  ('00000000-0000-4000-8000-000000000192', '00000000-0000-4000-8000-000000000021', 'Former', 'auth0|grace', '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;
INSERT INTO team.resource_memberships (resource_id, resource_type, user_id, role, joined_at, created_by) VALUES
  ('00000000-0000-4000-8000-000000000191', 'council', 'auth0|grace', 'member', '2026-01-01T00:00:00Z', 'auth0|grace')
ON CONFLICT (resource_id, resource_type, user_id) DO NOTHING;

INSERT INTO team.invites (id, community_id, token_hash, role, email, uses_left, expires_at, created_by) VALUES
  ('00000000-0000-4000-8000-000000000041', '00000000-0000-4000-8000-000000000021', 'hash-1', 'member', 'ada@example.org', 1, '2026-02-01T00:00:00Z', 'auth0|grace'),
  ('00000000-0000-4000-8000-000000000042', '00000000-0000-4000-8000-000000000021', 'hash-2', 'viewer', NULL, 0, '2026-02-01T00:00:00Z', 'auth0|grace')
ON CONFLICT (id) DO NOTHING;

INSERT INTO team.trust_grants (id, community_id, user_id, points, reason, granted_by, granted_at, created_by, version) VALUES
  ('00000000-0000-4000-8000-000000002401', '00000000-0000-4000-8000-000000000021', 'auth0|grace', 15, 'A founder.', 'auth0|grace', '2026-01-01T00:00:02Z', 'auth0|grace', 2)
ON CONFLICT (id) DO NOTHING;

INSERT INTO team.polls (id, community_id, question, choice, results_visible, closes_at, elector_count, created_by, version, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000000151', '00000000-0000-4000-8000-000000000021', 'When?', 'single', 'after_vote', '2026-02-01T00:00:00Z', 1, 'auth0|grace', 2, NULL),
  ('00000000-0000-4000-8000-000000000152', '00000000-0000-4000-8000-000000000021', 'Gone?', 'multiple', 'always', NULL, 0, 'auth0|grace', 1, '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

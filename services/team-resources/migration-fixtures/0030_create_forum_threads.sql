INSERT INTO team.forum_threads (id, forum_id, title, last_post_number, last_post_at, created_by, version, deleted_at, deleted_by) VALUES
  ('00000000-0000-4000-8000-000000000201', '00000000-0000-4000-8000-000000000191', 'Late again', 2, '2026-01-01T00:00:00Z', 'auth0|grace', 1, NULL, NULL),
  ('00000000-0000-4000-8000-000000000202', '00000000-0000-4000-8000-000000000191', 'Gone', 1, '2026-01-01T00:00:00Z', 'auth0|grace', 2, '2026-01-02T00:00:00Z', 'auth0|grace')
ON CONFLICT (id) DO NOTHING;

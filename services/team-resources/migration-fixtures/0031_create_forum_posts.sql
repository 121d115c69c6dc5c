INSERT INTO team.forum_posts (id, forum_thread_id, number, content, created_by, version, deleted_at, deleted_by, deletion_reason) VALUES
  ('00000000-0000-4000-8000-000000000211', '00000000-0000-4000-8000-000000000201', 1, 'Hé', 'auth0|grace', 1, NULL, NULL, NULL),
  ('00000000-0000-4000-8000-000000000212', '00000000-0000-4000-8000-000000000201', 2, 'Removed', 'auth0|grace', 2, '2026-01-02T00:00:00Z', 'auth0|ada', 'It names a customer.')
ON CONFLICT (id) DO NOTHING;

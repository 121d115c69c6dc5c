INSERT INTO team.forum_reads (id, forum_thread_id, user_id, last_read_number) VALUES
  ('00000000-0000-4000-8000-000000000221', '00000000-0000-4000-8000-000000000201', 'auth0|grace', 1)
ON CONFLICT (id) DO NOTHING;

INSERT INTO auth.roles (id, name, permissions) VALUES
  ('00000000-0000-4000-8000-000000000061', 'librarian', ARRAY['user:read']),
  ('00000000-0000-4000-8000-000000000062', 'guest', ARRAY[]::text[])
ON CONFLICT (id) DO NOTHING;

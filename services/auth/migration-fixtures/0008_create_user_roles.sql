INSERT INTO auth.user_roles (user_id, role, created_by) VALUES
  ('00000000-0000-4000-8000-000000000001', 'owner', NULL),
  ('auth0|grace', 'librarian', '00000000-0000-4000-8000-000000000001')
ON CONFLICT (user_id, role) DO NOTHING;

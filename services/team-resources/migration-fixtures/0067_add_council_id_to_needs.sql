INSERT INTO team.needs (id, community_id, title, quantity, created_by, council_id, is_of_community) VALUES
  ('00000000-0000-4000-8000-000000004003', '00000000-0000-4000-8000-000000000021', 'Minutes', 1, 'auth0|grace', '00000000-0000-4000-8000-000000000191', false),
  ('00000000-0000-4000-8000-000000004004', '00000000-0000-4000-8000-000000000021', 'Server', 1, 'auth0|grace', NULL, true)
ON CONFLICT (id) DO NOTHING;

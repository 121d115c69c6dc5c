INSERT INTO team.pool_contributions (id, pool_id, kind, quantity, note, created_by) VALUES
  ('00000000-0000-4000-8000-000000003601', '00000000-0000-4000-8000-000000003501', 'contribution', 2, 'Two.', 'auth0|grace'),
  ('00000000-0000-4000-8000-000000003602', '00000000-0000-4000-8000-000000003501', 'hand-out', 1, '', 'auth0|grace')
ON CONFLICT (id) DO NOTHING;

INSERT INTO team.poll_ballots (id, poll_id, poll_elector_id, option_numbers, created_by) VALUES
  ('00000000-0000-4000-8000-000000000181', '00000000-0000-4000-8000-000000000151', '00000000-0000-4000-8000-000000000171', '{2}', 'auth0|grace')
ON CONFLICT (id) DO NOTHING;

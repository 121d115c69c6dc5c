INSERT INTO team.disputes (id, wealth_request_id, reason, status, resolution, resolved_by, created_by, version) VALUES
  ('00000000-0000-4000-8000-000000003701', '00000000-0000-4000-8000-000000002801', 'It is broken.', 'resolved', 'It was mended.', 'auth0|grace', '00000000-0000-4000-8000-000000000001', 2),
  ('00000000-0000-4000-8000-000000003702', '00000000-0000-4000-8000-000000002801', 'Again.', 'open', NULL, NULL, '00000000-0000-4000-8000-000000000001', 1)
ON CONFLICT (id) DO NOTHING;

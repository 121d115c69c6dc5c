INSERT INTO audit.rejected_events (id, raw, reason) VALUES
  ('00000000-0000-4000-8000-000000000003', '{"kind": "nothing"}', 'kind is not known')
ON CONFLICT (id) DO NOTHING;

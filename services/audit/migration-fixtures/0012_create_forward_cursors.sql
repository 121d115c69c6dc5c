INSERT INTO audit.forward_cursors (id, name, next_leaf_index, sending_to, holder, fencing, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000004', 'webhook', 100, 199, '00000000-0000-4000-8000-000000000005', 7, '2026-01-01T00:00:20Z'),
  ('00000000-0000-4000-8000-000000000006', 'archive', 0, NULL, NULL, 0, NULL)
ON CONFLICT (id) DO NOTHING;

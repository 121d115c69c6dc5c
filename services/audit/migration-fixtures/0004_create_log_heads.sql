INSERT INTO audit.log_heads (id, name, size, frontier, holder, fencing, expires_at, last_recorded_at) VALUES
  ('00000000-0000-4000-8000-000000000041', 'audit', 1, decode(repeat('ab', 32), 'hex'), '00000000-0000-4000-8000-000000000051', 7,
   '2026-01-01T00:00:11Z', '2026-01-01T00:00:01Z'),
  ('00000000-0000-4000-8000-000000000042', 'other', 0, '', NULL, 0, NULL, NULL)
ON CONFLICT (id) DO NOTHING;

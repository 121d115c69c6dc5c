INSERT INTO auth.setup_tokens (id, token_hash, outcome, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000111', 'hash-1', 'claimed', '2026-01-01T00:00:00Z'),
  ('00000000-0000-4000-8000-000000000112', 'hash-2', NULL, '2026-01-01T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

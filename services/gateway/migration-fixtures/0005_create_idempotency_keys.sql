INSERT INTO idempotency_keys (id, principal_id, key, request_hash, answer, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000081', 'solo', 'key-1', 'hash-1', '{"status":201}', '2026-01-02T00:00:00.000Z')
ON CONFLICT (id) DO NOTHING;

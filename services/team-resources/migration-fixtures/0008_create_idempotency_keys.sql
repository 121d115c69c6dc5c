INSERT INTO team.idempotency_keys (id, principal_id, key, request_hash, answer, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000081', 'auth0|grace', 'key-1', 'hash-1', '{"status": 201}', '2026-01-02T00:00:00Z'),
  ('00000000-0000-4000-8000-000000000082', 'auth0|grace', 'key-2', 'hash-2', NULL, '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

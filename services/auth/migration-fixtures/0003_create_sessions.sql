INSERT INTO auth.sessions (id, user_id, refresh_token_hash, ip_address, device_label, expires_at, last_used_at, revoked_at) VALUES
  ('00000000-0000-4000-8000-000000000031', 'auth0|grace', 'hash-1', '192.0.2.1', 'Firefox', '2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z', NULL),
  ('00000000-0000-4000-8000-000000000032', 'auth0|grace', 'hash-2', '2001:db8::1', '', '2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z')
ON CONFLICT (id) DO NOTHING;

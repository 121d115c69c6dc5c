INSERT INTO auth.auth_codes (id, email, code_hash, purpose, expires_at, used_at) VALUES
  ('00000000-0000-4000-8000-000000000051', 'ada@example.org', 'hash-1', 'otp', '2026-01-01T00:10:00Z', NULL),
  ('00000000-0000-4000-8000-000000000052', 'ada@example.org', 'hash-2', 'verify_email', '2026-01-01T00:10:00Z', '2026-01-01T00:01:00Z')
ON CONFLICT (id) DO NOTHING;

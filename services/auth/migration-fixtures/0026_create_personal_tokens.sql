INSERT INTO auth.personal_tokens (id, user_id, name, token_hash, permissions, expires_at, last_used_at) VALUES
  ('00000000-0000-4000-8000-000000000261', 'auth0|grace', 'CI', 'token-hash-1', ARRAY['script:update'], '2026-02-01T00:00:00Z', NULL),
  ('00000000-0000-4000-8000-000000000262', 'auth0|grace', 'Logs', 'token-hash-2', ARRAY['audit:read'], '2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

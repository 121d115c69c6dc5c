INSERT INTO auth.sign_in_challenges (id, user_id, secret_hash, method, device_label, expires_at, used_at) VALUES
  ('00000000-0000-4000-8000-000000000351', 'auth0|grace', 'hash-1', 'password', 'Firefox', '2026-01-01T00:10:00Z', NULL)
ON CONFLICT (id) DO NOTHING;

INSERT INTO auth.totp_secrets (user_id, sealed_secret, activated_at, last_used_step) VALUES
  ('auth0|grace', 'sealed', '2026-01-01T00:00:00Z', 58000000)
ON CONFLICT (user_id) DO NOTHING;

INSERT INTO auth.passkey_requests (id, secret_hash, purpose, sealed_request, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000421', 'hash-1', 'sign_in', 'sealed-1', '2026-01-01T00:05:00Z')
ON CONFLICT (id) DO NOTHING;

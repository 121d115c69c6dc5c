INSERT INTO auth.oauth_requests (id, secret_hash, provider, sealed_request, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000401', 'hash-1', 'company', 'sealed-1', '2026-01-01T00:10:00Z')
ON CONFLICT (id) DO NOTHING;

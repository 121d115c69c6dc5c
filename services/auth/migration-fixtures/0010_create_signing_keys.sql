INSERT INTO auth.signing_keys (id, kid, algorithm, status, public_jwk, sealed_private_jwk, activated_at, retired_at) VALUES
  ('00000000-0000-4000-8000-000000000101', 'key-1', 'EdDSA', 'retired', '{"kty": "OKP"}', 'sealed-1', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  ('00000000-0000-4000-8000-000000000102', 'key-2', 'EdDSA', 'current', '{"kty": "OKP"}', 'sealed-2', '2026-01-01T00:00:00Z', NULL)
ON CONFLICT (id) DO NOTHING;

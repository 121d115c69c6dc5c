INSERT INTO auth.invited_addresses (id, expires_at) VALUES ('digest-of-an-address', '2026-01-08T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

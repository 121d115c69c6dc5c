INSERT INTO auth.login_delays (id, failures, last_failed_at) VALUES ('digest-1', 3, '2026-01-01T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

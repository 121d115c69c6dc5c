INSERT INTO auth.mail_rates (id, theoretical_arrival_at) VALUES ('digest-1', '2026-01-01T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

INSERT INTO audit.event_counts (id, stored, last_recorded_at) VALUES (0, 1, '2026-01-01T00:00:01Z'), (1, 1, '2026-01-01T00:00:01Z')
ON CONFLICT (id) DO NOTHING;

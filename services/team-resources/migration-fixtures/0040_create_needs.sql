INSERT INTO team.needs (id, community_id, title, quantity, interval_days, status, times_met, wealth_id, met_at, reopens_at, created_by, version, deleted_at) VALUES
  ('00000000-0000-4000-8000-000000004001', '00000000-0000-4000-8000-000000000021', 'Charger', 1, 7, 'met', 1, '00000000-0000-4000-8000-000000002701', '2026-01-01T00:00:00Z', '2026-01-08T00:00:00Z', 'auth0|grace', 2, NULL),
  ('00000000-0000-4000-8000-000000004002', '00000000-0000-4000-8000-000000000021', 'Desk', 1, NULL, 'open', 0, NULL, NULL, NULL, 'auth0|grace', 1, '2026-01-02T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

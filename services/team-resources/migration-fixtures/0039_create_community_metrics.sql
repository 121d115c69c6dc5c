INSERT INTO team.community_metrics (community_id, period, figures, computed_at) VALUES
  ('00000000-0000-4000-8000-000000000021', 'week', '{}', '2026-01-01T00:00:00Z')
ON CONFLICT (community_id, period) DO NOTHING;

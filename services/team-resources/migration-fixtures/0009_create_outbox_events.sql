INSERT INTO team.outbox_events (id, shard, kind, payload, occurred_at, claimed_by, claimed_until) VALUES
  ('00000000-0000-4000-8000-000000000091', 7, 'audit.recorded', '{"action": "script.update"}', '2026-01-01T00:00:00Z', 'relay-1', '2026-01-01T00:00:30Z')
ON CONFLICT (id) DO NOTHING;

INSERT INTO auth.outbox_events (id, shard, kind, payload, occurred_at, claimed_by, claimed_until, published_at) VALUES
  ('00000000-0000-4000-8000-000000000141', 0, 'user.registered', '{"userId": "auth0|grace"}', '2026-01-01T00:00:00Z', NULL, NULL, NULL),
  ('00000000-0000-4000-8000-000000000142', 7, 'user.registered', '{"userId": "1"}', '2026-01-01T00:00:00Z', NULL, NULL, '2026-01-01T00:00:01Z')
ON CONFLICT (id) DO NOTHING;

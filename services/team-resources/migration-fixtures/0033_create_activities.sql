INSERT INTO team.activities (id, community_id, user_id, action, resource_type, resource_id, is_shown, is_contribution, occurred_at) VALUES
  ('00000000-0000-4000-8000-000000000271', '00000000-0000-4000-8000-000000000021', 'auth0|grace', 'council.create', 'council', '00000000-0000-4000-8000-000000000191', true, true, '2026-01-01T00:00:00Z')
ON CONFLICT (id) DO NOTHING;
INSERT INTO team.outbox_events (id, shard, kind, payload, occurred_at) VALUES
  ('00000000-0000-4000-8000-000000000272', 2, 'audit', '{"actor": {"type": "user", "id": "auth0|grace"}, "action": "council.update", "resource": {"type": "council", "id": "00000000-0000-4000-8000-000000000191", "name": "Mediation"}, "communityId": "00000000-0000-4000-8000-000000000021", "result": "success", "requestId": "r-1", "service": "team-resources"}', '2026-01-01T00:00:00Z')
ON CONFLICT (id) DO NOTHING;

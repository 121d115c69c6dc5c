INSERT INTO audit.audit_events (id, actor_type, actor_id, session_id, ip, user_agent, action, resource_type, resource_id, resource_name,
  community_id, result, changes, request_id, service, occurred_at, recorded_at, leaf_index, leaf_hash) VALUES
  ('00000000-0000-4000-8000-000000000001', 'user', 'auth0|grace', '00000000-0000-4000-8000-000000000031', '192.0.2.1', 'Firefox',
   'script.update', 'script', '00000000-0000-4000-8000-000000000061', 'Night run', '00000000-0000-4000-8000-000000000021', 'success',
   '{"name": {"from": "a", "to": "b"}}', 'request-1', 'team-resources', '2026-01-01T00:00:00.123Z', '2026-01-01T00:00:01Z', 0, '\x00ff'),
  ('00000000-0000-4000-8000-000000000002', 'system', 'auth', NULL, NULL, NULL, 'key.rotate', 'signing_key', 'key-2', NULL, NULL, 'failure',
   NULL, 'request-2', 'auth', '1970-01-01T00:00:00Z', '2026-01-01T00:00:01Z', NULL, NULL)
ON CONFLICT (id) DO NOTHING;

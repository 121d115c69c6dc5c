INSERT INTO auth.rejected_events (id, raw, reason) VALUES
  ('00000000-0000-4000-8000-000000000181', '{"kind": "invite-mail"}', 'it has no payload')
ON CONFLICT (id) DO NOTHING;

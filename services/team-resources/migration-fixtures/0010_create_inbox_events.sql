INSERT INTO team.inbox_events (id, kind) VALUES ('00000000-0000-4000-8000-000000000101', 'user.registered')
ON CONFLICT (id) DO NOTHING;

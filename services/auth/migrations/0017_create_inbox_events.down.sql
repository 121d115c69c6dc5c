DROP TABLE IF EXISTS auth.inbox_events;

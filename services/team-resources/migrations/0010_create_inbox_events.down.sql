DROP TABLE IF EXISTS team.inbox_events;

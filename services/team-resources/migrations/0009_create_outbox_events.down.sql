DROP TABLE IF EXISTS team.outbox_events;

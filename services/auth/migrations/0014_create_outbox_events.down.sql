DROP TABLE IF EXISTS auth.outbox_events;

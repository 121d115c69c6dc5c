DROP TABLE IF EXISTS auth.rejected_events;

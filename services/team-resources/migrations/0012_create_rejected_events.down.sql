DROP TABLE IF EXISTS team.rejected_events;

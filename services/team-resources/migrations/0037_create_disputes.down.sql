DROP TABLE IF EXISTS team.disputes;

DROP TABLE IF EXISTS team.forums;

DROP TABLE IF EXISTS team.councils;

DROP TABLE IF EXISTS team.communities;

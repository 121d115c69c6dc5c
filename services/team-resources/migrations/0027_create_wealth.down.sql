DROP TABLE IF EXISTS team.wealth;

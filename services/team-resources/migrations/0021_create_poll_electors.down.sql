DROP TABLE IF EXISTS team.poll_electors;

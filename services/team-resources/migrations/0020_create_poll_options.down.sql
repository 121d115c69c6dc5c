DROP TABLE IF EXISTS team.poll_options;

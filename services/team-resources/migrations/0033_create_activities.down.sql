DROP TABLE IF EXISTS team.activities;

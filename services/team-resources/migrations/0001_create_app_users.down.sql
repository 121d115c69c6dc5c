DROP TABLE IF EXISTS team.app_users;

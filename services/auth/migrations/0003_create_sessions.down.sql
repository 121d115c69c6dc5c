DROP TABLE IF EXISTS auth.sessions;

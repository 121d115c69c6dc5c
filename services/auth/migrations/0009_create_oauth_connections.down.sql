DROP TABLE IF EXISTS auth.oauth_connections;

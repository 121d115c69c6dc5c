DROP TABLE IF EXISTS auth.oauth_requests;

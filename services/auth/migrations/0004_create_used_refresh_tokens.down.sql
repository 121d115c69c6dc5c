DROP TABLE IF EXISTS auth.used_refresh_tokens;

DROP TABLE IF EXISTS auth.setup_tokens;

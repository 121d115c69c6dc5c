DROP TABLE IF EXISTS auth.personal_tokens;

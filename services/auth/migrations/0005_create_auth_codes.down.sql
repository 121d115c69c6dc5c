DROP TABLE IF EXISTS auth.auth_codes;

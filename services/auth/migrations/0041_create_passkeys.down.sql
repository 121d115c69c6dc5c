DROP TABLE IF EXISTS auth.passkeys;

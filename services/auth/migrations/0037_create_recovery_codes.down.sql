DROP TABLE IF EXISTS auth.recovery_codes;

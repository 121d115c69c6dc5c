DROP TABLE IF EXISTS auth.totp_secrets;

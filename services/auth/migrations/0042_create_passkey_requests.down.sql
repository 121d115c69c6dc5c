DROP TABLE IF EXISTS auth.passkey_requests;

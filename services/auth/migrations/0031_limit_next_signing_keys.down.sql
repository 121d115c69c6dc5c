DROP INDEX IF EXISTS auth.uq_signing_keys_algorithm;

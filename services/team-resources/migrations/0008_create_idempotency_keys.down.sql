DROP TABLE IF EXISTS team.idempotency_keys;

-- First answers to requests with an Idempotency-Key, written with the change and kept for 24 hours.
CREATE TABLE IF NOT EXISTS idempotency_keys (
  id TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  answer TEXT,
  expires_at TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS uq_idempotency_keys_principal_id_key ON idempotency_keys (principal_id, key);
CREATE INDEX IF NOT EXISTS idx_idempotency_keys_expires_at ON idempotency_keys (expires_at);

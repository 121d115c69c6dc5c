-- First answers to requests with an Idempotency-Key, written with the change and kept for 24 hours.
CREATE TABLE IF NOT EXISTS team.idempotency_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  principal_id text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  answer jsonb,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_idempotency_keys_principal_id_key ON team.idempotency_keys (principal_id, key);
CREATE INDEX IF NOT EXISTS idx_idempotency_keys_expires_at ON team.idempotency_keys (expires_at);

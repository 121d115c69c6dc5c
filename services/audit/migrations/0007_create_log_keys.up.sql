-- The Ed25519 key that a log's checkpoints are signed with, and the name that it goes by. The private half is sealed by the service's encryption key.
CREATE TABLE IF NOT EXISTS audit.log_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  origin text NOT NULL,
  public_key bytea NOT NULL,
  sealed_private_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_log_keys PRIMARY KEY (id),
  CONSTRAINT ck_log_keys_public_key CHECK (octet_length(public_key) = 32)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_log_keys_name ON audit.log_keys (name);

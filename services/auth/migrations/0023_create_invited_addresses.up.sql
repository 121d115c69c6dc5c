-- The addresses that may register where registration is for invited people. The id is a digest of the address.
CREATE TABLE IF NOT EXISTS auth.invited_addresses (
  id text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_invited_addresses PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_invited_addresses_expires_at ON auth.invited_addresses (expires_at);

-- Keys of access tokens. The private half is sealed (AES-256-GCM); at most one key is current.
CREATE TABLE IF NOT EXISTS auth.signing_keys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  kid text NOT NULL,
  algorithm text NOT NULL,
  status text NOT NULL,
  public_jwk jsonb NOT NULL,
  sealed_private_jwk text NOT NULL,
  activated_at timestamptz,
  retired_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_signing_keys PRIMARY KEY (id),
  CONSTRAINT ck_signing_keys_algorithm CHECK (algorithm IN ('EdDSA')),
  CONSTRAINT ck_signing_keys_status CHECK (status IN ('next', 'current', 'retired'))
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_signing_keys_kid ON auth.signing_keys (kid);
CREATE UNIQUE INDEX IF NOT EXISTS uq_signing_keys_status ON auth.signing_keys (status) WHERE status = 'current';

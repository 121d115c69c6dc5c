-- Tokens that make the first owner. The unique index lets one token ever be claimed, however many there are.
CREATE TABLE IF NOT EXISTS auth.setup_tokens (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  token_hash text NOT NULL,
  outcome text,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_setup_tokens PRIMARY KEY (id),
  CONSTRAINT ck_setup_tokens_outcome CHECK (outcome IN ('claimed'))
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_setup_tokens_token_hash ON auth.setup_tokens (token_hash);
CREATE UNIQUE INDEX IF NOT EXISTS uq_setup_tokens_outcome ON auth.setup_tokens (outcome) WHERE outcome IS NOT NULL;

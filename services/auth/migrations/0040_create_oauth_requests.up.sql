-- Requests for authentication at identity providers, while their users are there. Whoever has the secret may finish one, once.
CREATE TABLE IF NOT EXISTS auth.oauth_requests (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  secret_hash text NOT NULL,
  provider text NOT NULL,
  sealed_request text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_oauth_requests PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_oauth_requests_expires_at ON auth.oauth_requests (expires_at);

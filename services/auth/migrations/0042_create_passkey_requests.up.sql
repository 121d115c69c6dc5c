-- Requests to authenticators, while their users are there. Whoever has the secret may finish one, once, for its purpose.
CREATE TABLE IF NOT EXISTS auth.passkey_requests (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  secret_hash text NOT NULL,
  purpose text NOT NULL,
  sealed_request text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_passkey_requests PRIMARY KEY (id),
  CONSTRAINT ck_passkey_requests_purpose CHECK (purpose IN ('create', 'sign_in'))
);
CREATE INDEX IF NOT EXISTS idx_passkey_requests_expires_at ON auth.passkey_requests (expires_at);

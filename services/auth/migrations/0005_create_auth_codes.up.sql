-- One-time codes. The hash is keyed, so that eight digits cannot be found by trying them all on a stolen table.
CREATE TABLE IF NOT EXISTS auth.auth_codes (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  email text NOT NULL,
  code_hash text NOT NULL,
  purpose text NOT NULL,
  attempts int8 NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_auth_codes PRIMARY KEY (id),
  CONSTRAINT ck_auth_codes_purpose CHECK (purpose IN ('verify_email', 'otp', 'magic_link', 'reset_password'))
);
CREATE INDEX IF NOT EXISTS idx_auth_codes_email_purpose ON auth.auth_codes (email, purpose) WHERE used_at IS NULL;
CREATE INDEX IF NOT EXISTS idx_auth_codes_expires_at ON auth.auth_codes (expires_at);

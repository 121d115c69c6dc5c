-- Authenticators (RFC 6238), one an account. The secret is encrypted; a time step that was used is never good again.
CREATE TABLE IF NOT EXISTS auth.totp_secrets (
  user_id text NOT NULL,
  sealed_secret text NOT NULL,
  activated_at timestamptz,
  last_used_step int8,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_totp_secrets PRIMARY KEY (user_id),
  CONSTRAINT fk_totp_secrets_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

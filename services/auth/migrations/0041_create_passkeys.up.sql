-- Passkeys (WebAuthn): public keys of authenticators that sign in to an account.
CREATE TABLE IF NOT EXISTS auth.passkeys (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id text NOT NULL,
  credential_id text NOT NULL,
  public_key text NOT NULL,
  sign_count int8 NOT NULL,
  is_backed_up boolean NOT NULL,
  name text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_passkeys PRIMARY KEY (id),
  CONSTRAINT fk_passkeys_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_passkeys_credential_id ON auth.passkeys (credential_id);
CREATE INDEX IF NOT EXISTS idx_passkeys_user_id_created_at_id ON auth.passkeys (user_id, created_at, id);

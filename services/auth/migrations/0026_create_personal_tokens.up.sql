-- Personal access tokens: a program acts as a user, within the permissions of the token. The secret is stored hashed.
CREATE TABLE IF NOT EXISTS auth.personal_tokens (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id text NOT NULL,
  name text NOT NULL,
  token_hash text NOT NULL,
  permissions text[] NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_personal_tokens PRIMARY KEY (id),
  CONSTRAINT fk_personal_tokens_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_personal_tokens_token_hash ON auth.personal_tokens (token_hash);
CREATE INDEX IF NOT EXISTS idx_personal_tokens_user_id_created_at_id ON auth.personal_tokens (user_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_personal_tokens_expires_at ON auth.personal_tokens (expires_at);

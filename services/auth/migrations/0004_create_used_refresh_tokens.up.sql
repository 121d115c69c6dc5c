-- Hashes of refresh tokens that were traded: one that comes back gives a thief away.
CREATE TABLE IF NOT EXISTS auth.used_refresh_tokens (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  token_hash text NOT NULL,
  used_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_used_refresh_tokens PRIMARY KEY (id),
  CONSTRAINT fk_used_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES auth.sessions (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_used_refresh_tokens_session_id_token_hash
  ON auth.used_refresh_tokens (session_id, token_hash);

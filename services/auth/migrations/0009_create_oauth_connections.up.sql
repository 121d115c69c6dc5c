-- Outside identities that lead to an account.
CREATE TABLE IF NOT EXISTS auth.oauth_connections (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id text NOT NULL,
  provider text NOT NULL,
  provider_user_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_oauth_connections PRIMARY KEY (id),
  CONSTRAINT fk_oauth_connections_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_oauth_connections_provider_provider_user_id
  ON auth.oauth_connections (provider, provider_user_id);
CREATE INDEX IF NOT EXISTS idx_oauth_connections_user_id ON auth.oauth_connections (user_id);

-- Sign-ins whose first factor was right, and which wait for the second one. Whoever has the secret may finish it, once.
CREATE TABLE IF NOT EXISTS auth.sign_in_challenges (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id text NOT NULL,
  secret_hash text NOT NULL,
  method text NOT NULL,
  device_label text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_sign_in_challenges PRIMARY KEY (id),
  CONSTRAINT fk_sign_in_challenges_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_sign_in_challenges_user_id ON auth.sign_in_challenges (user_id);
CREATE INDEX IF NOT EXISTS idx_sign_in_challenges_expires_at ON auth.sign_in_challenges (expires_at);

CREATE TABLE IF NOT EXISTS auth.user_passwords (
  user_id text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_user_passwords PRIMARY KEY (user_id),
  CONSTRAINT fk_user_passwords_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

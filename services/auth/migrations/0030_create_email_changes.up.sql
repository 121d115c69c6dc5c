-- A change of an account's address that waits for the code that was sent to the new one.
CREATE TABLE IF NOT EXISTS auth.email_changes (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  auth_code_id uuid NOT NULL,
  user_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_email_changes PRIMARY KEY (id),
  CONSTRAINT fk_email_changes_auth_code_id FOREIGN KEY (auth_code_id) REFERENCES auth.auth_codes (id) ON DELETE CASCADE,
  CONSTRAINT fk_email_changes_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_email_changes_auth_code_id ON auth.email_changes (auth_code_id);
CREATE INDEX IF NOT EXISTS idx_email_changes_user_id ON auth.email_changes (user_id);

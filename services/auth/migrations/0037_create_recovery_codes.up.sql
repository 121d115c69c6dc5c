-- The hashes of the recovery codes of an account that were not used; one row, so that one statement takes one out.
CREATE TABLE IF NOT EXISTS auth.recovery_codes (
  user_id text NOT NULL,
  code_hashes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_recovery_codes PRIMARY KEY (user_id),
  CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE
);

-- A registration that waits for its code: the account is created when the code is entered. An address may have any number of them.
CREATE TABLE IF NOT EXISTS auth.registrations (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  auth_code_id uuid NOT NULL,
  display_name text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_registrations PRIMARY KEY (id),
  CONSTRAINT fk_registrations_auth_code_id FOREIGN KEY (auth_code_id) REFERENCES auth.auth_codes (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_registrations_auth_code_id ON auth.registrations (auth_code_id);

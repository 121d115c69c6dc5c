-- An account. Its id is a UUID made here or the subject of an outside identity provider; its e-mail is stored normalised.
CREATE TABLE IF NOT EXISTS auth.users (
  id text NOT NULL,
  email text NOT NULL,
  is_email_verified bool NOT NULL DEFAULT false,
  display_name text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_users PRIMARY KEY (id),
  CONSTRAINT ck_users_status CHECK (status IN ('active', 'suspended'))
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_users_email ON auth.users (email);

-- Named sets of global permissions.
CREATE TABLE IF NOT EXISTS auth.roles (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_roles PRIMARY KEY (id)
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_roles_name ON auth.roles (name);

-- Who holds which global role. `created_by` is null where the installation itself gave it.
CREATE TABLE IF NOT EXISTS auth.user_roles (
  user_id text NOT NULL,
  role text NOT NULL,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_user_roles PRIMARY KEY (user_id, role),
  CONSTRAINT fk_user_roles_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE,
  CONSTRAINT fk_user_roles_role FOREIGN KEY (role) REFERENCES auth.roles (name) ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS idx_user_roles_role ON auth.user_roles (role, user_id);

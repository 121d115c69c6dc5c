-- Who belongs where, and as what. A removed member's row stays, with deleted_at.
CREATE TABLE IF NOT EXISTS team.resource_memberships (
  resource_id uuid NOT NULL,
  resource_type text NOT NULL,
  user_id text NOT NULL,
  role text NOT NULL,
  joined_at timestamptz NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_resource_memberships PRIMARY KEY (resource_id, resource_type, user_id),
  CONSTRAINT ck_resource_memberships_resource_type CHECK (resource_type IN ('community', 'council')),
  CONSTRAINT ck_resource_memberships_role CHECK (role IN ('owner', 'admin', 'moderator', 'member', 'viewer')),
  CONSTRAINT fk_resource_memberships_user_id FOREIGN KEY (user_id) REFERENCES team.app_users (id) ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS idx_resource_memberships_user_id_resource_type
  ON team.resource_memberships (user_id, resource_type, resource_id);
CREATE INDEX IF NOT EXISTS idx_resource_memberships_resource_id_joined_at
  ON team.resource_memberships (resource_id, resource_type, joined_at, user_id);

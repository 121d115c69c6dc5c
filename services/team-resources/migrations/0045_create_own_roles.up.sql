-- The roles of a community's own. Soft delete: deleted_at. `rank` is the lowest built-in role that includes all of the permissions.
CREATE TABLE IF NOT EXISTS team.own_roles (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  permissions text[] NOT NULL,
  rank text NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_own_roles PRIMARY KEY (id),
  CONSTRAINT ck_own_roles_rank CHECK (rank IN ('admin', 'moderator', 'member', 'viewer')),
  CONSTRAINT fk_own_roles_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_own_roles_community_id_created_at ON team.own_roles (community_id, created_at, id);
CREATE UNIQUE INDEX IF NOT EXISTS uq_own_roles_community_id_name ON team.own_roles (community_id, lower(name)) WHERE deleted_at IS NULL;

-- A group within a community. Its members are in resource_memberships, with the resource type 'council'.
CREATE TABLE IF NOT EXISTS team.councils (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_councils PRIMARY KEY (id),
  CONSTRAINT fk_councils_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_councils_community_id_created_at ON team.councils (community_id, created_at, id);

-- The forums of a community. Soft delete, which hides their threads: deleted_at.
CREATE TABLE IF NOT EXISTS team.forums (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_forums PRIMARY KEY (id),
  CONSTRAINT fk_forums_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_forums_community_id_created_at ON team.forums (community_id, created_at, id);

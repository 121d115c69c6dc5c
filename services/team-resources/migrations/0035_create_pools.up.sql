-- A store of a community, or of one of its councils. What it holds is the sum of its contributions less what was handed out, and
-- changes in the statement that stores a contribution.
CREATE TABLE IF NOT EXISTS team.pools (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  council_id uuid,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  unit text NOT NULL,
  holding int8 NOT NULL DEFAULT 0,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_pools PRIMARY KEY (id),
  CONSTRAINT ck_pools_holding CHECK (holding >= 0),
  CONSTRAINT fk_pools_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE,
  CONSTRAINT fk_pools_council_id FOREIGN KEY (council_id) REFERENCES team.councils (id) ON DELETE SET NULL
);
CREATE INDEX IF NOT EXISTS idx_pools_community_id_created_at ON team.pools (community_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_pools_council_id ON team.pools (council_id);

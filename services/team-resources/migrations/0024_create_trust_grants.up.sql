-- The points that admins and owners give a member, so that trust can begin: one revisable number for each member.
CREATE TABLE IF NOT EXISTS team.trust_grants (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  user_id text NOT NULL,
  points int8 NOT NULL,
  reason text NOT NULL,
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_trust_grants PRIMARY KEY (id),
  CONSTRAINT ck_trust_grants_points CHECK (points >= 0),
  CONSTRAINT fk_trust_grants_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE,
  CONSTRAINT fk_trust_grants_user_id FOREIGN KEY (user_id) REFERENCES team.app_users (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_trust_grants_community_id_user_id ON team.trust_grants (community_id, user_id);
CREATE INDEX IF NOT EXISTS idx_trust_grants_community_id_created_at ON team.trust_grants (community_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_trust_grants_user_id ON team.trust_grants (user_id);

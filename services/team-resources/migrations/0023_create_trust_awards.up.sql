-- One member vouches for another. A pair has one row: withdrawing sets deleted_at, awarding again clears it.
CREATE TABLE IF NOT EXISTS team.trust_awards (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  from_user_id text NOT NULL,
  to_user_id text NOT NULL,
  awarded_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_trust_awards PRIMARY KEY (id),
  CONSTRAINT ck_trust_awards_not_to_oneself CHECK (from_user_id <> to_user_id),
  CONSTRAINT fk_trust_awards_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE,
  CONSTRAINT fk_trust_awards_from_user_id FOREIGN KEY (from_user_id) REFERENCES team.app_users (id) ON DELETE RESTRICT,
  CONSTRAINT fk_trust_awards_to_user_id FOREIGN KEY (to_user_id) REFERENCES team.app_users (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_trust_awards_community_id_from_user_id_to_user_id
  ON team.trust_awards (community_id, from_user_id, to_user_id);
CREATE INDEX IF NOT EXISTS idx_trust_awards_community_id_awarded_at ON team.trust_awards (community_id, awarded_at, id);
CREATE INDEX IF NOT EXISTS idx_trust_awards_from_user_id ON team.trust_awards (from_user_id);
CREATE INDEX IF NOT EXISTS idx_trust_awards_to_user_id_community_id ON team.trust_awards (to_user_id, community_id);

-- A way into a community: for one address, or for whoever holds the link. Only the token's digest is kept.
CREATE TABLE IF NOT EXISTS team.invites (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  token_hash text NOT NULL,
  role text NOT NULL,
  email text,
  uses_left int8 NOT NULL,
  expires_at timestamptz NOT NULL,
  declined_at timestamptz,
  revoked_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_invites PRIMARY KEY (id),
  CONSTRAINT ck_invites_role CHECK (role IN ('admin', 'moderator', 'member', 'viewer')),
  CONSTRAINT ck_invites_uses_left CHECK (uses_left >= 0),
  CONSTRAINT fk_invites_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_invites_token_hash ON team.invites (token_hash);
CREATE INDEX IF NOT EXISTS idx_invites_community_id_created_at ON team.invites (community_id, created_at, id);

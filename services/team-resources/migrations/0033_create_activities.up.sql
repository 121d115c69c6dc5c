-- What members did, copied from their audit events when these leave the outbox: without addresses, devices and changes.
CREATE TABLE IF NOT EXISTS team.activities (
  id uuid NOT NULL,
  community_id uuid NOT NULL,
  user_id text NOT NULL,
  action text NOT NULL,
  resource_type text NOT NULL,
  resource_id text NOT NULL,
  resource_name text,
  is_shown bool NOT NULL,
  is_contribution bool NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_activities PRIMARY KEY (id),
  CONSTRAINT fk_activities_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_activities_community_id_occurred_at ON team.activities (community_id, occurred_at, id);
CREATE INDEX IF NOT EXISTS idx_activities_community_id_user_id_occurred_at
  ON team.activities (community_id, user_id, occurred_at) WHERE is_contribution;

-- What a member is short of: open -> met | cancelled. A recurring need (interval_days) that was met is open again from reopens_at
-- on, by the clock of the database.
CREATE TABLE IF NOT EXISTS team.needs (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  quantity int8 NOT NULL,
  interval_days int8,
  status text NOT NULL DEFAULT 'open',
  times_met int8 NOT NULL DEFAULT 0,
  wealth_id uuid,
  met_at timestamptz,
  reopens_at timestamptz,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_needs PRIMARY KEY (id),
  CONSTRAINT ck_needs_status CHECK (status IN ('open', 'met', 'cancelled')),
  CONSTRAINT ck_needs_quantity CHECK (quantity > 0),
  CONSTRAINT ck_needs_interval_days CHECK (interval_days > 0),
  CONSTRAINT fk_needs_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE,
  CONSTRAINT fk_needs_wealth_id FOREIGN KEY (wealth_id) REFERENCES team.wealth (id) ON DELETE SET NULL
);
CREATE INDEX IF NOT EXISTS idx_needs_community_id_created_at ON team.needs (community_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_needs_wealth_id ON team.needs (wealth_id);

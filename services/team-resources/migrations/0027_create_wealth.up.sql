-- What a member offers the community. `expired` is no stored status: what is active is so until expires_at, by the clock of the
-- database. quantity_taken counts the units of accepted and fulfilled requests, quantity_fulfilled those of fulfilled ones.
CREATE TABLE IF NOT EXISTS team.wealth (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  community_id uuid NOT NULL,
  type text NOT NULL,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  category text,
  quantity int8,
  quantity_taken int8 NOT NULL DEFAULT 0,
  quantity_fulfilled int8 NOT NULL DEFAULT 0,
  min_trust_required int8 NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'active',
  expires_at timestamptz,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_wealth PRIMARY KEY (id),
  CONSTRAINT ck_wealth_type CHECK (type IN ('object', 'service')),
  CONSTRAINT ck_wealth_status CHECK (status IN ('active', 'fulfilled', 'cancelled')),
  CONSTRAINT ck_wealth_quantity CHECK (quantity > 0),
  CONSTRAINT ck_wealth_quantity_taken CHECK (quantity_taken >= 0 AND (quantity IS NULL OR quantity_taken <= quantity)),
  CONSTRAINT ck_wealth_quantity_fulfilled CHECK (quantity_fulfilled >= 0 AND quantity_fulfilled <= quantity_taken),
  CONSTRAINT ck_wealth_min_trust_required CHECK (min_trust_required >= 0),
  CONSTRAINT fk_wealth_community_id FOREIGN KEY (community_id) REFERENCES team.communities (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_wealth_community_id_created_at ON team.wealth (community_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_wealth_created_by_community_id ON team.wealth (created_by, community_id);

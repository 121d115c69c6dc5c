-- A member's request for wealth: pending -> accepted | rejected | cancelled, accepted -> fulfilled | cancelled.
CREATE TABLE IF NOT EXISTS team.wealth_requests (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  wealth_id uuid NOT NULL,
  quantity int8 NOT NULL,
  note text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'pending',
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_wealth_requests PRIMARY KEY (id),
  CONSTRAINT ck_wealth_requests_status CHECK (status IN ('pending', 'accepted', 'rejected', 'fulfilled', 'cancelled')),
  CONSTRAINT ck_wealth_requests_quantity CHECK (quantity > 0),
  CONSTRAINT fk_wealth_requests_wealth_id FOREIGN KEY (wealth_id) REFERENCES team.wealth (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_wealth_requests_wealth_id_created_at ON team.wealth_requests (wealth_id, created_at, id);
CREATE INDEX IF NOT EXISTS idx_wealth_requests_created_by_status ON team.wealth_requests (created_by, status);

-- A dispute between the two sides of an accepted request: open -> resolved | withdrawn. A request has one open dispute at a time.
CREATE TABLE IF NOT EXISTS team.disputes (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  wealth_request_id uuid NOT NULL,
  reason text NOT NULL,
  status text NOT NULL DEFAULT 'open',
  resolution text,
  resolved_by text,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_disputes PRIMARY KEY (id),
  CONSTRAINT ck_disputes_status CHECK (status IN ('open', 'resolved', 'withdrawn')),
  CONSTRAINT ck_disputes_resolution CHECK ((status = 'resolved') = (resolution IS NOT NULL AND resolved_by IS NOT NULL)),
  CONSTRAINT fk_disputes_wealth_request_id FOREIGN KEY (wealth_request_id) REFERENCES team.wealth_requests (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_disputes_wealth_request_id ON team.disputes (wealth_request_id);
CREATE UNIQUE INDEX IF NOT EXISTS uq_disputes_wealth_request_id ON team.disputes (wealth_request_id) WHERE status = 'open';
CREATE INDEX IF NOT EXISTS idx_disputes_created_at ON team.disputes (created_at, id);

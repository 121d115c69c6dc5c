-- What came as an event and could not be stored as one, whole, with the reason. The id is the event's where it has one.
CREATE TABLE IF NOT EXISTS audit.rejected_events (
  id uuid NOT NULL,
  raw jsonb NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_rejected_events PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_rejected_events_created_at ON audit.rejected_events (created_at);

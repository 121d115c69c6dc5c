-- What came as an event and is none that this service understands, whole, with the reason.
CREATE TABLE IF NOT EXISTS team.rejected_events (
  id uuid NOT NULL,
  raw jsonb NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_rejected_events PRIMARY KEY (id)
);

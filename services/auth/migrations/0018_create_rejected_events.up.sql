-- Dead letters: messages of the queue that are no events which this service understands, whole, with the reason.
CREATE TABLE IF NOT EXISTS auth.rejected_events (
  id uuid NOT NULL,
  raw jsonb NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_rejected_events PRIMARY KEY (id)
);

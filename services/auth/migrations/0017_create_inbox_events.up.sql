-- The ids of events that were taken from the queue: a redelivered one is taken once, and its sender can ask for it.
CREATE TABLE IF NOT EXISTS auth.inbox_events (
  id uuid NOT NULL,
  kind text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_inbox_events PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS idx_inbox_events_created_at ON auth.inbox_events (created_at);

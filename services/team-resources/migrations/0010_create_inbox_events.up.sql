-- The ids of events that were taken, so that who sent them can ask.
CREATE TABLE IF NOT EXISTS team.inbox_events (
  id uuid NOT NULL,
  kind text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_inbox_events PRIMARY KEY (id)
);

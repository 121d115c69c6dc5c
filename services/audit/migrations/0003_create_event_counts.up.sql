-- How many events are stored, in a few rows that are raised by the statement that stores them: counting them costs the same however many there are.
CREATE TABLE IF NOT EXISTS audit.event_counts (
  id int2 NOT NULL,
  stored int8 NOT NULL,
  last_recorded_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_event_counts PRIMARY KEY (id)
);
